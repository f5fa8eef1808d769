package io.verbatim.ingest.testkit;

import io.verbatim.ingest.IngestApplication;
import io.verbatim.pubsub.Bus;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;

/// The service on a free port, with short timeouts and all credentials that tests use. The test
/// that starts it closes it.
public final class IngestServer implements AutoCloseable {
  public static final String USERNAME = "exo";
  public static final String PASSWORD = "s3cret";
  public static final String PATH_TOKEN = "path-token_1";

  private final ConfigurableApplicationContext context;

  private IngestServer(ConfigurableApplicationContext context) {
    this.context = context;
  }

  public static IngestServer start(String redisUrl, Tokens tokens) {
    return start(redisUrl, tokens, Map.of());
  }

  /// Starts a service with settings of the test, by environment variable.
  public static IngestServer start(String redisUrl, Tokens tokens, Map<String, Object> overrides) {
    Map<String, Object> settings = new HashMap<>(defaults(tokens));
    settings.put("REDIS_URL", redisUrl);
    settings.put("AUDIO_RETENTION", "10m");
    settings.putAll(overrides);
    return new IngestServer(IngestApplication.start(settings));
  }

  private static Map<String, Object> defaults(Tokens tokens) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("PORT", 0);
    settings.put("server.address", "127.0.0.1");
    settings.put("JWT_PUBLIC_KEY", tokens.publicKeyPem());
    settings.put("SUPPORT_EXOTEL", "true");
    settings.put("EXOTEL_USERNAME", USERNAME);
    settings.put("EXOTEL_PASSWORD", PASSWORD);
    settings.put("EXOTEL_PATH_TOKEN", PATH_TOKEN);
    settings.put("DRAIN_TIMEOUT", "0s");
    // Tests send audio faster than real time.
    settings.put("INTAKE_BURST", "15m");
    settings.put("LOG_LEVEL", "warn");
    return settings;
  }

  /// Starts a service on the test's bus.
  public static IngestServer start(Bus bus, Tokens tokens) {
    return start(bus, tokens, Map.of());
  }

  /// Starts a service on the test's bus, with settings of the test.
  public static IngestServer start(Bus bus, Tokens tokens, Map<String, Object> overrides) {
    Map<String, Object> settings = new HashMap<>(defaults(tokens));
    settings.put("PUBSUB_ADAPTER", "in_memory");
    settings.putAll(overrides);
    return new IngestServer(
        IngestApplication.start(
            settings, context -> context.getBeanFactory().registerSingleton("bus", bus)));
  }

  public int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /// The URL of a WebSocket.
  public URI socket(String path) {
    return URI.create("ws://127.0.0.1:" + port() + path);
  }

  public URI http(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /// A bean of the service.
  public <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }
}
