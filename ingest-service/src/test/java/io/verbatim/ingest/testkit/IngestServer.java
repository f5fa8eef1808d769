package io.verbatim.ingest.testkit;

import io.verbatim.ingest.IngestApplication;
import io.verbatim.pubsub.Bus;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;

/// The service on a free port, with short times and every way in that tests use. Whoever starts it
/// closes it.
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

  /// Starts a service with some settings of a test's own, by the names of the environment.
  public static IngestServer start(String redisUrl, Tokens tokens, Map<String, Object> overrides) {
    Map<String, Object> settings = new HashMap<>(usual(tokens));
    settings.put("REDIS_URL", redisUrl);
    settings.put("AUDIO_RETENTION", "10m");
    settings.putAll(overrides);
    return new IngestServer(IngestApplication.start(settings));
  }

  private static Map<String, Object> usual(Tokens tokens) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("PORT", 0);
    settings.put("server.address", "127.0.0.1");
    settings.put("JWT_PUBLIC_KEY", tokens.publicKeyPem());
    settings.put("SUPPORT_EXOTEL", "true");
    settings.put("EXOTEL_USERNAME", USERNAME);
    settings.put("EXOTEL_PASSWORD", PASSWORD);
    settings.put("EXOTEL_PATH_TOKEN", PATH_TOKEN);
    settings.put("DRAIN_TIMEOUT", "0s");
    // Tests speak faster than people do.
    settings.put("INTAKE_BURST", "15m");
    settings.put("LOG_LEVEL", "warn");
    return settings;
  }

  /// Starts a service on a bus of the test's own.
  public static IngestServer start(Bus bus, Tokens tokens) {
    return start(bus, tokens, Map.of());
  }

  /// Starts a service on a bus of the test's own, with some settings of its own too.
  public static IngestServer start(Bus bus, Tokens tokens, Map<String, Object> overrides) {
    Map<String, Object> settings = new HashMap<>(usual(tokens));
    settings.put("PUBSUB_ADAPTER", "in_memory");
    settings.putAll(overrides);
    return new IngestServer(
        IngestApplication.start(
            settings, context -> context.getBeanFactory().registerSingleton("bus", bus)));
  }

  public int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /// Where a socket connects.
  public URI socket(String path) {
    return URI.create("ws://127.0.0.1:" + port() + path);
  }

  public URI http(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /// A part of the service, for its numbers.
  public <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }
}
