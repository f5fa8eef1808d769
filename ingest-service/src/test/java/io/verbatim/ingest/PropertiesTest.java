package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.security.token.TokenSettings;
import io.verbatim.service.Secret;
import io.verbatim.service.StartFailure;
import io.verbatim.service.Transport;
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

/// Every setting's name and default. Invalid values are in `BadSettingsTest`.
class PropertiesTest {
  private static final Tokens TOKENS = new Tokens();

  @Test
  void noSettings_haveTheDocumentedDefaults() {
    IngestProperties properties = bind(Map.of("JWT_PUBLIC_KEY", TOKENS.publicKeyPem()));

    assertThat(properties.pubsubAdapter()).isEqualTo(IngestProperties.Adapter.REDIS_STREAMS);
    assertThat(properties.redis().url()).isEqualTo(new Secret("redis://localhost:6379"));
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
    assertThat(properties.corsOrigins()).isEmpty();
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
                Duration.ofSeconds(30),
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
  void environmentNames_setTheirProperties() {
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
    settings.put("CORS_ORIGINS", "https://a.example,http://localhost:3000");
    settings.put("TRUSTED_PROXIES", "10.0.0.0/8");
    settings.put("CLIENT_IP_HEADER", "CF-Connecting-IP");
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
    settings.put("TRANSCRIPT_TIMEOUT", "6s");
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
                new Secret("rediss://user:pw@redis:6380"),
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
    assertThat(properties.corsOrigins())
        .containsExactly("https://a.example", "http://localhost:3000");
    assertThat(properties.trustedProxies()).containsExactly("10.0.0.0/8");
    assertThat(properties.clientIpHeader()).isEqualTo("CF-Connecting-IP");
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
                Duration.ofSeconds(6),
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
  void keySourceNames_setTheirProperties() {
    assertThat(bind(Map.of("JWT_JWKS_URL", "https://id.example/keys")).jwt())
        .isEqualTo(new TokenSettings("", "https://id.example/keys", "", "", "", ""));
    assertThat(bind(Map.of("AUTH0_DOMAIN", "a.auth0.com", "AUTH0_AUDIENCE", "calls")).jwt())
        .isEqualTo(new TokenSettings("", "", "a.auth0.com", "calls", "", ""));
  }

  @Test
  void secrets_printAsStars() {
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
        "JWT_JWKS_URL=https://id.example/keys PEM        | JWT_PUBLIC_KEY and JWT_JWKS_URL must not"
            + " be set together: set one source of keys",
        "AUTH0_DOMAIN=a.auth0.com AUTH0_AUDIENCE=x PEM   | JWT_PUBLIC_KEY and AUTH0_DOMAIN must not"
            + " be set together: set one source of keys",
        "AUTH0_DOMAIN=a.auth0.com                        | AUTH0_DOMAIN and AUTH0_AUDIENCE must be"
            + " set together",
        "AUTH0_AUDIENCE=x PEM                            | AUTH0_DOMAIN and AUTH0_AUDIENCE must be"
            + " set together",
        "AUTH0_DOMAIN=a.auth0.com AUTH0_AUDIENCE=x JWT_ISSUER=y   | JWT_ISSUER must not be set"
            + " together with AUTH0_DOMAIN, which defines the issuer",
        "AUTH0_DOMAIN=a.auth0.com AUTH0_AUDIENCE=x JWT_AUDIENCE=y | JWT_AUDIENCE must not be set"
            + " together with AUTH0_AUDIENCE",
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
  void insecureJwksUrl_stopsTheStart(String address) {
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
  void httpsOrLoopbackJwksUrl_isAccepted(String address) {
    assertThat(bind(Map.of("JWT_JWKS_URL", address, "JWT_PUBLIC_KEY", " ")).jwt().areSet())
        .isTrue();
  }

  @Test
  void privateKey_isRejectedAndNotEchoed() {
    assertThat(refusal(Map.of("JWT_PUBLIC_KEY", TOKENS.privateKeyPem())))
        .isEqualTo("JWT_PUBLIC_KEY must be a public key, but is a private key");
  }

  @Test
  void noWayToAuthenticate_stopsTheStart() {
    assertThat(refusal(Map.of()))
        .isEqualTo(
            "JWT_PUBLIC_KEY, JWT_JWKS_URL or AUTH0_DOMAIN must be set, or SUPPORT_EXOTEL must be"
                + " true: otherwise no caller can authenticate");
  }

  @Test
  void exotelWithoutCredentials_stopsTheStart() {
    assertThat(refusal(Map.of("SUPPORT_EXOTEL", "true"))).startsWith("SUPPORT_EXOTEL is true, so ");
  }

  @Test
  void unreadableCertificate_stopsTheStart(@TempDir Path directory) throws IOException {
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
  void inMemoryBus_stopsTheStartOfTheJar() {
    Map<String, Object> settings =
        Map.of("JWT_PUBLIC_KEY", TOKENS.publicKeyPem(), "PUBSUB_ADAPTER", "in_memory", "PORT", "0");

    assertThatThrownBy(() -> IngestApplication.start(settings))
        .satisfies(failure ->
            assertThat(printed(failure))
                .isEqualTo(
                    "PUBSUB_ADAPTER may be in_memory only if all services run in one"
                        + " process"));
  }

  @Test
  void emptyVariable_isUnset() {
    Map<String, Object> settings =
        Map.of("JWT_PUBLIC_KEY", TOKENS.publicKeyPem(), "JWT_ISSUER", "", "EXOTEL_ALLOWED_IPS", "");

    assertThat(bind(settings).exotel().allowedIps()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PORT", "MANAGEMENT_PORT"})
  void portInUse_stopsTheStartInOneSentence(String setting) throws IOException {
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
