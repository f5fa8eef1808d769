package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.service.StartFailure;
import io.verbatim.service.Transport;
import io.verbatim.tokens.TokenSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;

/// Pins every setting's name and default, and what is said of a bad one.
class PropertiesTest {
  private static final Tokens TOKENS = new Tokens();

  @Test
  void defaults_areThese() {
    IngestProperties properties = bind(Map.of("JWT_PUBLIC_KEY", TOKENS.publicKeyPem()));

    assertThat(properties.pubsubAdapter()).isEqualTo(IngestProperties.Adapter.REDIS_STREAMS);
    assertThat(properties.redis().url()).isEqualTo("redis://localhost:6379");
    assertThat(properties.redis().audioRetention()).isEqualTo(Duration.ofSeconds(60));
    assertThat(properties.redis().audioRetentionBytes()).isEqualTo(DataSize.ofMegabytes(256));
    assertThat(properties.redis().transcriptRetention()).isEqualTo(Duration.ofHours(24));
    assertThat(properties.redis().clientsWarn()).isEqualTo(20);
    assertThat(properties.redis().clientsCritical()).isEqualTo(30);
    assertThat(properties.jwt().issuer()).isEmpty();
    assertThat(properties.jwt().audience()).isEmpty();
    assertThat(properties.exotel().supported()).isFalse();
    assertThat(properties.exotel().auth()).isEqualTo(IngestProperties.ExotelAuth.REQUIRED);
    assertThat(properties.exotel().allowedIps()).isEmpty();
    assertThat(properties.tls().isOn()).isFalse();
    assertThat(properties.publicUrl()).isEmpty();
    assertThat(properties.trustedProxies()).isEmpty();
    assertThat(properties.drainTimeout()).isEqualTo(Duration.ofSeconds(25));
    assertThat(properties.transport()).isEqualTo(Transport.Choice.AUTO);
    assertThat(properties.limits())
        .isEqualTo(
            new IngestProperties.Limits(
                200,
                200,
                DataSize.ofKilobytes(512),
                DataSize.ofMegabytes(32),
                10,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofHours(5),
                DataSize.ofKilobytes(256),
                Duration.ofMinutes(1),
                2,
                50,
                20,
                100,
                DataSize.ofKilobytes(16),
                Duration.ofSeconds(15)));
  }

  @Test
  void names_areThese() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("PUBSUB_ADAPTER", "in_memory");
    settings.put("REDIS_URL", "rediss://user:pw@redis:6380");
    settings.put("AUDIO_RETENTION", "2m");
    settings.put("AUDIO_RETENTION_BYTES", "16MB");
    settings.put("TRANSCRIPT_RETENTION", "1h");
    settings.put("REDIS_KEY_PREFIX", "staging:");
    settings.put("REDIS_CLIENTS_WARN", "5");
    settings.put("REDIS_CLIENTS_CRITICAL", "6");
    settings.put("JWT_PUBLIC_KEY", TOKENS.publicKeyPem());
    settings.put("JWT_ISSUER", "issuer");
    settings.put("JWT_AUDIENCE", "audience");
    settings.put("SUPPORT_EXOTEL", "true");
    settings.put("EXOTEL_AUTH", "none");
    settings.put("EXOTEL_USERNAME", "user");
    settings.put("EXOTEL_PASSWORD", "pw");
    settings.put("EXOTEL_PATH_TOKEN", "path");
    settings.put("EXOTEL_ALLOWED_IPS", "203.0.113.7,198.51.100.0/24");
    settings.put("EXOTEL_START_TOKEN", "start");
    settings.put("PUBLIC_URL", "https://in.example.com");
    settings.put("TRUSTED_PROXIES", "10.0.0.0/8");
    settings.put("DRAIN_TIMEOUT", "5m");
    settings.put("TRANSPORT", "io_uring");
    settings.put("MAX_CALLS", "7");
    settings.put("CALL_BUFFER", "1MB");
    settings.put("RETRANSMIT_BYTES", "16MB");
    settings.put("ACK_INTERVAL", "1");
    settings.put("RESUME_WINDOW", "1m");
    settings.put("START_TIMEOUT", "2s");
    settings.put("MEDIA_TIMEOUT", "3s");
    settings.put("PING_INTERVAL", "4s");
    settings.put("PONG_TIMEOUT", "5s");
    settings.put("MAX_CALLS_PER_TENANT", "6");
    settings.put("SESSION_TIMEOUT", "6h");
    settings.put("MAX_MESSAGE", "2MB");
    settings.put("INTAKE_BURST", "7s");
    settings.put("INTAKE_SPEED", "3");
    settings.put("DEAD_LETTER_MAX", "8");
    settings.put("AUTH_FAILURES_PER_SECOND", "9");
    settings.put("REQUESTS_PER_SECOND", "10");
    settings.put("MAX_REQUEST_BODY", "11KB");
    settings.put("REQUEST_TIMEOUT", "12s");

    IngestProperties properties = bind(settings);

    assertThat(properties.pubsubAdapter()).isEqualTo(IngestProperties.Adapter.IN_MEMORY);
    assertThat(properties.redis())
        .isEqualTo(
            new IngestProperties.Redis(
                "rediss://user:pw@redis:6380",
                "staging:",
                Duration.ofMinutes(2),
                DataSize.ofMegabytes(16),
                Duration.ofHours(1),
                5,
                6));
    assertThat(properties.jwt().issuer()).isEqualTo("issuer");
    assertThat(properties.jwt().audience()).isEqualTo("audience");
    assertThat(properties.exotel().supported()).isTrue();
    assertThat(properties.exotel().auth()).isEqualTo(IngestProperties.ExotelAuth.NONE);
    assertThat(properties.exotel().username()).isEqualTo("user");
    assertThat(properties.exotel().password().matches("pw")).isTrue();
    assertThat(properties.exotel().pathToken().matches("path")).isTrue();
    assertThat(properties.exotel().startToken().matches("start")).isTrue();
    assertThat(properties.exotel().allowedIps()).containsExactly("203.0.113.7", "198.51.100.0/24");
    assertThat(properties.publicUrl()).isEqualTo("https://in.example.com");
    assertThat(properties.trustedProxies()).containsExactly("10.0.0.0/8");
    assertThat(properties.drainTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(properties.transport()).isEqualTo(Transport.Choice.IO_URING);
    assertThat(properties.limits())
        .isEqualTo(
            new IngestProperties.Limits(
                7,
                6,
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(16),
                1,
                Duration.ofMinutes(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Duration.ofHours(6),
                DataSize.ofMegabytes(2),
                Duration.ofSeconds(7),
                3,
                8,
                9,
                10,
                DataSize.ofKilobytes(11),
                Duration.ofSeconds(12)));
  }

  @Test
  void namesOfKeySources_areThese() {
    assertThat(bind(Map.of("JWT_JWKS_URL", "https://id.example/keys")).jwt())
        .isEqualTo(new TokenSettings("", "https://id.example/keys", "", "", "", ""));
    assertThat(bind(Map.of("AUTH0_DOMAIN", "a.auth0.com", "AUTH0_AUDIENCE", "calls")).jwt())
        .isEqualTo(new TokenSettings("", "", "a.auth0.com", "calls", "", ""));
  }

  @Test
  void secrets_arePrintedAsStars() {
    IngestProperties properties =
        bind(
            Map.of(
                "SUPPORT_EXOTEL", "true",
                "EXOTEL_USERNAME", "user",
                "EXOTEL_PASSWORD", "hidden-1",
                "EXOTEL_PATH_TOKEN", "hidden-2",
                "EXOTEL_START_TOKEN", "hidden-3",
                "REDIS_URL", "redis://user:hidden-4@redis:6379"));

    assertThat(properties.toString()).contains("***").doesNotContain("hidden");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MAX_CALLS          | 0        | MAX_CALLS must be at least 1, but is 0",
        "MAX_CALLS          | many     | MAX_CALLS must be a whole number, but is \"many\"",
        "CALL_BUFFER        | 1KB      | CALL_BUFFER must be at least 128KB, but is 1KB",
        "RETRANSMIT_BYTES   | 1KB      | RETRANSMIT_BYTES must be at least 1MB, but is 1KB",
        "CALL_BUFFER        | big      | CALL_BUFFER must be a size such as 256KB, but is \"big\"",
        "MAX_CALLS_PER_TENANT | 0      | MAX_CALLS_PER_TENANT must be at least 1, but is 0",
        "SESSION_TIMEOUT    | 0s       | SESSION_TIMEOUT must be longer than 0, but is 0ms",
        "MAX_MESSAGE        | 1KB      | MAX_MESSAGE must be from 192KB to 16MB, but is 1KB",
        "INTAKE_BURST       | 0s       | INTAKE_BURST must be longer than 0, but is 0ms",
        "INTAKE_SPEED       | 0        | INTAKE_SPEED must be at least 1, but is 0",
        "AUTH_FAILURES_PER_SECOND | 0  | AUTH_FAILURES_PER_SECOND must be at least 1, but is 0",
        "REQUESTS_PER_SECOND | 0       | REQUESTS_PER_SECOND must be at least 1, but is 0",
        "RESUME_WINDOW      | 0s       | RESUME_WINDOW must be longer than 0, but is 0ms",
        "DRAIN_TIMEOUT      | soon     | DRAIN_TIMEOUT must be a duration such as 30s or 10m, but"
            + " is \"soon\"",
        "SUPPORT_EXOTEL     | perhaps  | SUPPORT_EXOTEL must be true or false, but is \"perhaps\"",
        "EXOTEL_AUTH        | maybe    | EXOTEL_AUTH must be required or none, but is \"maybe\"",
        "EXOTEL_USERNAME    | user     | EXOTEL_USERNAME and EXOTEL_PASSWORD must be set together",
        "JWT_PUBLIC_KEY     | nonsense | JWT_PUBLIC_KEY must be a public key in PEM form"
            + " (-----BEGIN PUBLIC KEY-----)",
        "SSL_CERT_PATH      | /x.pem   | SSL_CERT_PATH and SSL_KEY_PATH must be set together",
        "REDIS_URL          | http://x | REDIS_URL must be redis://host:port, rediss://host:port or"
            + " redis-sentinel://host:port,host:port/0#master, with user:password@ before the host"
            + " where needed",
        "REDIS_KEY_PREFIX   | {x}      | REDIS_KEY_PREFIX must be at most 64 letters, digits, '_',"
            + " '.', '-' or ':'",
        "PUBLIC_URL         | example  | PUBLIC_URL must be https://host, perhaps with a path",
        "TRUSTED_PROXIES    | proxy    | TRUSTED_PROXIES must hold addresses such as 203.0.113.7 or"
            + " 10.0.0.0/8, but \"proxy\" is none",
      })
  void badValue_isToldInOneSentence(String name, String value, String sentence) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("JWT_PUBLIC_KEY", TOKENS.publicKeyPem());
    settings.put(name, value);

    assertThat(refusal(settings)).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JWT_JWKS_URL=https://id.example/keys PEM        | JWT_PUBLIC_KEY and JWT_JWKS_URL must not"
            + " be set together: keys come from one place",
        "AUTH0_DOMAIN=a.auth0.com AUTH0_AUDIENCE=x PEM   | JWT_PUBLIC_KEY and AUTH0_DOMAIN must not"
            + " be set together: keys come from one place",
        "AUTH0_DOMAIN=a.auth0.com                        | AUTH0_DOMAIN and AUTH0_AUDIENCE must be"
            + " set together",
        "AUTH0_AUDIENCE=x PEM                            | AUTH0_DOMAIN and AUTH0_AUDIENCE must be"
            + " set together",
        "AUTH0_DOMAIN=a.auth0.com AUTH0_AUDIENCE=x JWT_ISSUER=y   | JWT_ISSUER must not be set"
            + " where AUTH0_DOMAIN is, which names the issuer",
        "AUTH0_DOMAIN=a.auth0.com AUTH0_AUDIENCE=x JWT_AUDIENCE=y | JWT_AUDIENCE must not be set"
            + " where AUTH0_AUDIENCE is",
        "AUTH0_DOMAIN=https://a.auth0.com AUTH0_AUDIENCE=x | AUTH0_DOMAIN must be a host name such"
            + " as tenant.eu.auth0.com, without https:// or a path",
      })
  void contradictingKeySettings_stopTheStart(String settings, String sentence) {
    Map<String, Object> given = new HashMap<>();
    for (String setting : settings.split(" ", -1)) {
      int equals = setting.indexOf('=');
      given.put(
          equals < 0 ? "JWT_PUBLIC_KEY" : setting.substring(0, equals),
          equals < 0 ? TOKENS.publicKeyPem() : setting.substring(equals + 1));
    }

    assertThat(refusal(given)).isEqualTo(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://id.example/keys",
        "http://127.0.0.1.example/keys",
        "https://user:hidden@id.example/keys",
        "https://id.example/keys#x",
        "ftp://localhost/keys",
        "file:///etc/keys",
        "id.example",
      })
  void keysFromAnAddressOthersCanForge_stopTheStart(String address) {
    assertThat(refusal(Map.of("JWT_JWKS_URL", address)))
        .startsWith("JWT_JWKS_URL must be https://host/path")
        .doesNotContain("hidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://id.example/keys?tenant=a",
        "http://localhost:8081/keys",
        "http://127.0.0.1:8081/keys",
        "http://[::1]:8081/keys",
      })
  void keysByTlsOrFromThisMachine_areTaken(String address) {
    assertThat(bind(Map.of("JWT_JWKS_URL", address, "JWT_PUBLIC_KEY", " ")).jwt().areSet())
        .isTrue();
  }

  @Test
  void privateKey_isRefusedAndNotRepeated() {
    assertThat(refusal(Map.of("JWT_PUBLIC_KEY", TOKENS.privateKeyPem())))
        .isEqualTo("JWT_PUBLIC_KEY must be a public key, but is a private one");
  }

  @Test
  void serviceNobodyCouldCall_doesNotStart() {
    assertThat(refusal(Map.of()))
        .isEqualTo(
            "JWT_PUBLIC_KEY (or JWT_JWKS_URL, or AUTH0_DOMAIN) must be set, or SUPPORT_EXOTEL be"
                + " true: else nobody could call in");
  }

  @Test
  void exotelWithoutAProof_doesNotStart() {
    assertThat(refusal(Map.of("SUPPORT_EXOTEL", "true"))).startsWith("SUPPORT_EXOTEL is true, so ");
  }

  @Test
  void unreadableCertificate_doesNotStart(@TempDir Path directory) throws IOException {
    Path key = Files.createFile(directory.resolve("key.pem"));

    assertThat(
            refusal(
                Map.of(
                    "JWT_PUBLIC_KEY", TOKENS.publicKeyPem(),
                    "SSL_CERT_PATH", directory.resolve("none.pem").toString(),
                    "SSL_KEY_PATH", key.toString())))
        .isEqualTo("SSL_CERT_PATH must name a readable file");
  }

  @Test
  void inMemoryBus_isRefusedByTheJar() {
    Map<String, Object> settings =
        Map.of("JWT_PUBLIC_KEY", TOKENS.publicKeyPem(), "PUBSUB_ADAPTER", "in_memory", "PORT", "0");

    assertThatThrownBy(() -> IngestApplication.start(settings))
        .satisfies(failure ->
            assertThat(printed(failure))
                .isEqualTo(
                    "PUBSUB_ADAPTER may be in_memory only where all services run in one"
                        + " process"));
  }

  @Test
  void emptyVariable_isAnUnsetOne() {
    Map<String, Object> settings =
        Map.of("JWT_PUBLIC_KEY", TOKENS.publicKeyPem(), "JWT_ISSUER", "", "EXOTEL_ALLOWED_IPS", "");

    assertThat(bind(settings).exotel().allowedIps()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PORT", "MANAGEMENT_PORT"})
  void portThatIsTaken_stopsTheStart_inOneSentence(String setting) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        InMemoryBus bus = new InMemoryBus()) {
      Map<String, Object> settings = Map.of(setting, taken.getLocalPort());

      RuntimeException failure =
          catchRuntimeException(() -> IngestServer.start(bus, TOKENS, settings).close());

      assertThat(printed(failure))
          .isEqualTo(setting + " " + taken.getLocalPort() + " is in use by another process");
    }
  }

  private static String refusal(Map<String, Object> settings) {
    StandardEnvironment environment = environment(settings);
    try {
      IngestApplication.SERVICE.check(environment);
    } catch (RuntimeException refusal) {
      return printed(refusal);
    }
    throw new AssertionError("the settings were accepted");
  }

  private static String printed(Throwable failure) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StartFailure.print(failure, new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static IngestProperties bind(Map<String, Object> settings) {
    return Binder.get(environment(settings)).bind("verbatim", IngestProperties.class).get();
  }

  private static StandardEnvironment environment(Map<String, Object> settings) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    environment.getPropertySources().addFirst(new MapPropertySource("given", settings));
    try {
      new YamlPropertySourceLoader()
          .load("application", new ClassPathResource("ingest-service/application.yml"))
          .forEach(environment.getPropertySources()::addLast);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return environment;
  }
}
