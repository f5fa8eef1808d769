package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.service.Secret;
import io.verbatim.service.StartFailure;
import io.verbatim.service.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class PropertiesTest {

  @Test
  void defaults_areAsDocumented() {
    try (InMemoryBus bus = new InMemoryBus();
        RunningGateway gateway = RunningGateway.on(bus, Map.of())) {
      GatewayProperties properties = gateway.bean(GatewayProperties.class);

      assertThat(properties.pubsubAdapter()).isEqualTo(GatewayProperties.Adapter.REDIS_STREAMS);
      assertThat(properties.redisUrl()).isEqualTo(new Secret("redis://localhost:6379"));
      assertThat(properties.transport()).isEqualTo(Transport.Choice.AUTO);
      assertThat(properties.corsOrigins()).isEmpty();
      assertThat(properties.alertWords()).isEmpty();
      assertThat(properties.limits())
          .isEqualTo(
              new GatewayProperties.Limits(
                  20,
                  20,
                  DataSize.ofKilobytes(256),
                  Duration.ofSeconds(30),
                  Duration.ofMinutes(10),
                  Duration.ofMinutes(10),
                  DataSize.ofMegabytes(64),
                  50,
                  20,
                  100,
                  DataSize.ofKilobytes(16),
                  Duration.ofSeconds(15)));
      assertThat(properties.trustedProxies()).isEmpty();
      assertThat(properties.redisClients()).isEqualTo(new GatewayProperties.RedisClients(20, 30));
    }
  }

  @Test
  void settings_areReadByName() {
    Map<String, Object> settings =
        Map.of(
            "FEED_MEMORY", "2MB",
            "AUTH_FAILURES_PER_SECOND", "3",
            "REQUESTS_PER_SECOND", "4",
            "MAX_REQUEST_BODY", "1KB",
            "REQUEST_TIMEOUT", "9s",
            "TRUSTED_PROXIES", "10.0.0.0/8",
            "SSE_BUFFER", "1MB",
            "CALL_RETAIN", "90s",
            "ALERT_WORDS", "refund, speak to a manager ,",
            "CORS_ORIGINS", "https://a.example,https://b.example");
    try (InMemoryBus bus = new InMemoryBus();
        RunningGateway gateway = RunningGateway.on(bus, settings)) {
      GatewayProperties properties = gateway.bean(GatewayProperties.class);

      assertThat(properties.limits().feedMemory()).isEqualTo(DataSize.ofMegabytes(2));
      assertThat(properties.limits().authFailuresPerSecond()).isEqualTo(3);
      assertThat(properties.limits().requestsPerSecond()).isEqualTo(4);
      assertThat(properties.limits().maxRequestBody()).isEqualTo(DataSize.ofKilobytes(1));
      assertThat(properties.limits().requestTimeout()).isEqualTo(Duration.ofSeconds(9));
      assertThat(properties.trustedProxies()).containsExactly("10.0.0.0/8");
      assertThat(properties.limits().sseBuffer()).isEqualTo(DataSize.ofMegabytes(1));
      assertThat(properties.limits().callRetain()).isEqualTo(Duration.ofSeconds(90));
      assertThat(properties.alertWords()).isEqualTo(List.of("refund", "speak to a manager"));
      assertThat(properties.corsOrigins())
          .isEqualTo(List.of("https://a.example", "https://b.example"));
    }
  }

  @Test
  void passwordOfRedis_printsAsStars() {
    Map<String, Object> settings = Map.of("REDIS_URL", "redis://user:hidden@redis:6379");
    try (InMemoryBus bus = new InMemoryBus();
        RunningGateway gateway = RunningGateway.on(bus, settings)) {
      assertThat(gateway.bean(GatewayProperties.class).toString())
          .contains("redisUrl=***")
          .doesNotContain("hidden");
    }
  }

  @Test
  void everySetting_isInApplicationYml() throws IOException {
    try (InputStream in =
        GatewayApplication.class.getResourceAsStream("/transcript-gateway/application.yml")) {
      assertThat(in).isNotNull();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .contains(
              "${PORT:8080}",
              "${REDIS_URL:",
              "${PUBSUB_ADAPTER:",
              "${TRANSPORT:auto}",
              "${JWT_PUBLIC_KEY:",
              "${JWT_JWKS_URL:",
              "${AUTH0_DOMAIN:",
              "${AUTH0_AUDIENCE:",
              "${JWT_ISSUER:",
              "${JWT_AUDIENCE:",
              "${CORS_ORIGINS:",
              "${TRUSTED_PROXIES:",
              "${CLIENT_IP_HEADER:}",
              "${ALERT_WORDS:",
              "${SSL_CERT_PATH:",
              "${SSL_KEY_PATH:",
              "${MAX_SSE_CLIENTS:20}",
              "${MAX_SSE_CLIENTS_PER_TENANT:${MAX_SSE_CLIENTS:20}}",
              "${AUTH_FAILURES_PER_SECOND:20}",
              "${REQUESTS_PER_SECOND:100}",
              "${MAX_REQUEST_BODY:16KB}",
              "${REQUEST_TIMEOUT:15s}",
              "${DEEPGRAM_API_KEY:}",
              "${DEEPGRAM_URL:wss://api.deepgram.com}",
              "${OPENAI_API_KEY:}",
              "${OPENAI_URL:https://api.openai.com}",
              "${ASSEMBLYAI_API_KEY:}",
              "${ASSEMBLYAI_URL:https://api.assemblyai.com}",
              "${BATCH_DIRECTORY:}",
              "${BATCH_MAX:2}",
              "${MAX_UPLOAD:100MB}",
              "${BATCH_MIN_FREE:256MB}",
              "${PROVIDER_TIMEOUT:10m}",
              "${BATCH_RETAIN:1h}",
              "${DEEPSEEK_API_KEY:}",
              "${DEEPSEEK_URL:https://api.deepseek.com}",
              "${GOOGLE_API_KEY:}",
              "${GOOGLE_URL:https://translation.googleapis.com}",
              "${GOOGLE_APPLICATION_CREDENTIALS:}",
              "${TRANSLATIONS_MAX:4}",
              "${TRANSLATION_WEBHOOK_URL:}",
              "${TRANSLATION_WEBHOOK_SECRET:}",
              "${CAPTIONS_TRANSLATOR:}",
              "${SSE_BUFFER:256KB}",
              "${SSE_SWEEP_INTERVAL:30s}",
              "${SSE_STALE_AFTER:10m}",
              "${CALL_RETAIN:10m}",
              "${FEED_MEMORY:64MB}",
              "${DEAD_LETTER_MAX:50}",
              "${REDIS_CLIENTS_WARN:20}",
              "${REDIS_CLIENTS_CRITICAL:30}",
              "${LOG_LEVEL:");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MAX_SSE_CLIENTS|0|MAX_SSE_CLIENTS must be at least 1, but is 0",
        "MAX_SSE_CLIENTS|many|MAX_SSE_CLIENTS must be a whole number, but is \"many\"",
        "SSE_SWEEP_INTERVAL|0s|SSE_SWEEP_INTERVAL must be longer than 0s, but is 0ms",
        "CALL_RETAIN|soon|CALL_RETAIN must be a duration such as 30s or 10m, but is \"soon\"",
        "FEED_MEMORY|512KB|FEED_MEMORY must be at least 1MB, but is 524288B",
        "SSE_BUFFER|lots|SSE_BUFFER must be a size such as 256KB, but is \"lots\"",
        "PUBSUB_ADAPTER|kafka|PUBSUB_ADAPTER must be redis_streams or in_memory, but is \"kafka\"",
        "TRANSPORT|select|TRANSPORT must be auto or epoll or io_uring, but is \"select\"",
        "CORS_ORIGINS|*|CORS_ORIGINS must list origins such as https://desk.example.com, without"
            + " path or wildcard, but has *",
        "SSL_CERT_PATH|/a.pem|SSL_CERT_PATH and SSL_KEY_PATH must be set together",
        "REDIS_URL|localhost|REDIS_URL must be redis://host:port, rediss://host:port or"
            + " redis-sentinel://host:port,host:port/0#master, with user:password@ before the host"
            + " where needed",
        "JWT_PUBLIC_KEY|''|JWT_PUBLIC_KEY, JWT_JWKS_URL or AUTH0_DOMAIN must be set: tokens cannot"
            + " be verified without a key",
        "JWT_JWKS_URL|https://id.example/keys|JWT_PUBLIC_KEY and JWT_JWKS_URL must not be set"
            + " together: set one source of keys",
        "AUTH0_DOMAIN|a.auth0.com|JWT_PUBLIC_KEY and AUTH0_DOMAIN must not be set together: set"
            + " one source of keys",
        "AUTH0_AUDIENCE|desk|AUTH0_DOMAIN and AUTH0_AUDIENCE must be set together",
        "JWT_PUBLIC_KEY|rubbish|JWT_PUBLIC_KEY must be a public key in PEM form (-----BEGIN PUBLIC"
            + " KEY-----), or up to 8 of them",
        "TRUSTED_PROXIES|proxy|TRUSTED_PROXIES must list addresses such as 203.0.113.7 or"
            + " 10.0.0.0/8, but contains \"proxy\"",
        "CLIENT_IP_HEADER|True-Client-IP|CLIENT_IP_HEADER is used only from TRUSTED_PROXIES,"
            + " which is not set",
        "BATCH_MAX|0|BATCH_MAX must be at least 1, but is 0",
        "MAX_UPLOAD|0B|MAX_UPLOAD must be at least 1B, but is 0B",
        "BATCH_MIN_FREE|-1B|BATCH_MIN_FREE must not be negative, but is -1B",
        "BATCH_RETAIN|0s|BATCH_RETAIN must be longer than 0s, but is 0ms",
        "PROVIDER_TIMEOUT|0s|PROVIDER_TIMEOUT must be longer than 0s, but is 0ms",
        "OPENAI_URL|https://user:hidden@api.example|OPENAI_URL must be https://host or http://host,"
            + " without path or credentials",
        "AUTH_FAILURES_PER_SECOND|0|AUTH_FAILURES_PER_SECOND must be at least 1, but is 0",
        "REQUESTS_PER_SECOND|0|REQUESTS_PER_SECOND must be at least 1, but is 0",
        "PUBSUB_ADAPTER|in_memory|PUBSUB_ADAPTER may be in_memory only if all services run in one"
            + " process, as in local-stack. Use redis_streams",
      })
  void invalidValue_failsStartWithOneSentence(String setting, String value, String sentence) {
    assertThat(failureOf(setting, value)).isEqualTo(sentence + System.lineSeparator());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JWT_JWKS_URL=http://id.example/keys | JWT_JWKS_URL must be https://host/path",
        "JWT_JWKS_URL=http://127.0.0.1.example/keys | JWT_JWKS_URL must be https://host/path",
        "JWT_JWKS_URL=https://user:hidden@id.example/keys | JWT_JWKS_URL must be https://host/path",
        "JWT_JWKS_URL=file:///etc/keys | JWT_JWKS_URL must be https://host/path",
        "AUTH0_DOMAIN=a.auth0.com | AUTH0_DOMAIN and AUTH0_AUDIENCE must be set together",
        "AUTH0_DOMAIN=a.auth0.com AUTH0_AUDIENCE=x JWT_ISSUER=y | JWT_ISSUER must not be set"
            + " together with AUTH0_DOMAIN",
        "AUTH0_DOMAIN=a.auth0.com AUTH0_AUDIENCE=x JWT_AUDIENCE=y | JWT_AUDIENCE must not be set"
            + " together with AUTH0_AUDIENCE",
        "AUTH0_DOMAIN=https://a.auth0.com AUTH0_AUDIENCE=x | AUTH0_DOMAIN must be a host name",
      })
  void contradictingKeySettings_failStart(String given, String sentence) {
    Map<String, Object> settings = new HashMap<>();
    for (String setting : given.split(" ", -1)) {
      String[] nameAndValue = setting.split("=", 2);
      settings.put(nameAndValue[0], nameAndValue[1]);
    }

    assertThat(failureOf(settings)).startsWith(sentence).doesNotContain("hidden").hasLineCount(1);
  }

  private static String failureOf(String setting, String value) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("JWT_PUBLIC_KEY", TestTokens.publicKeyPem());
    settings.put(setting, value);
    return failureOf(settings);
  }

  private static String failureOf(Map<String, Object> settings) {
    settings.put("PORT", "0");
    RuntimeException failure =
        catchRuntimeException(() -> GatewayApplication.start(settings).close());
    var out = new ByteArrayOutputStream();
    StartFailure.print(failure, new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }
}
