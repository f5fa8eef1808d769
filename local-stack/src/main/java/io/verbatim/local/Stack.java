package io.verbatim.local;

import io.verbatim.asr.AsrWorkerApplication;
import io.verbatim.gateway.GatewayApplication;
import io.verbatim.ingest.IngestApplication;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.PcmCaller;
import io.verbatim.local.deepgram.SimulatedDeepgram;
import io.verbatim.local.follow.CallFollower;
import io.verbatim.local.page.LocalPageHandler;
import io.verbatim.local.providers.SimulatedProviders;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.service.Service;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/// Redis, a recogniser, providers of recordings and the services, all on 127.0.0.1. Its creator
/// closes it.
final class Stack implements AutoCloseable {
  /// The tenant of the played calls.
  static final String TENANT = "demo";

  private static final Duration TOKEN_LIFETIME = Duration.ofHours(12);
  private static final Pattern VARIABLE = Pattern.compile("[A-Z0-9_]+");
  private static final String ALL_SCOPES =
      "transcripts:read audio:write transcriptions:write translations:write ops";

  private final Queue<AutoCloseable> services = new ConcurrentLinkedQueue<>();
  private final List<RecordedService> recorded = new ArrayList<>();
  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final String exotelPassword = UUID.randomUUID().toString();
  private @Nullable RedisServer redis;
  private @Nullable SimulatedDeepgram deepgram;
  private @Nullable SimulatedProviders providers;
  private final String redisUrl;
  private final Map<String, String> recognizer;
  private final int ingestPort;
  private final int gatewayPort;

  /// The options of a stack.
  ///
  /// @param redisUrl null starts a Redis
  /// @param ports 0 means the default port, or a free port if the default is in use
  /// @param deepgramKey null simulates the recogniser
  /// @param withWorker false if workers run as separate processes
  /// @param images directories of services that run as processes that record their ahead-of-time
  ///   caches, by the services' names
  /// @param play plays the sample call for the page and returns its id; empty at the limit of
  ///   played calls
  record Settings(
      @Nullable String redisUrl,
      RunOptions.Ports ports,
      @Nullable String deepgramKey,
      boolean withWorker,
      Map<String, Path> images,
      Function<Stack, Optional<String>> play) {}

  private Stack(Settings settings, SampleCall sample) {
    try {
      redis = settings.redisUrl() == null ? RedisServer.startOwn() : null;
      redisUrl = redis == null ? String.valueOf(settings.redisUrl()) : redis.url();
      deepgram = settings.deepgramKey() == null ? SimulatedDeepgram.start(sample) : null;
      SimulatedProviders startedProviders = SimulatedProviders.start(sample);
      providers = startedProviders;
      recognizer =
          deepgram == null
              ? Map.of("DEEPGRAM_API_KEY", String.valueOf(settings.deepgramKey()))
              : simulated(deepgram);
      Map<String, Object> ingest = ingestSettings(port(settings.ports().ingest(), 5000));
      ingestPort = serve(IngestApplication.SERVICE, ingest, settings);
      if (settings.withWorker()) {
        Map<String, Object> worker = common(port(settings.ports().worker(), 5001));
        worker.putAll(workerSettings());
        serve(AsrWorkerApplication.SERVICE, worker, settings);
      }
      int requestedPort = port(settings.ports().gateway(), 8080);
      Map<String, Object> gateway = common(requestedPort);
      gateway.putAll(jwtSettings());
      gateway.putAll(startedProviders.settings());
      gateway.put("DATABASE_URL", database(settings.images().isEmpty() ? requestedPort : 0));
      gatewayPort = serve(GatewayApplication.SERVICE, gateway, settings, localPage(settings));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Starts all parts. If one fails, closes those that are already running.
  static Stack start(Settings settings, SampleCall sample) {
    return new Stack(settings, sample);
  }

  /// The URL of ingest.
  URI ingest() {
    return URI.create("ws://127.0.0.1:%d/v1/ingest".formatted(ingestPort));
  }

  /// The URL of the gateway and its page.
  URI gateway() {
    return URI.create("http://127.0.0.1:%d/".formatted(gatewayPort));
  }

  /// A caller of the Exotel dialect, with valid credentials.
  ExotelCaller exotel() {
    return new ExotelCaller(ingest(), TENANT, exotelPassword, TENANT);
  }

  /// A caller of the pcm dialect, with a valid token.
  PcmCaller pcm() {
    return new PcmCaller(ingest(), token(), TENANT);
  }

  /// A client that waits for calls to end.
  CallFollower follower() {
    return new CallFollower(gateway(), this::token);
  }

  /// A token with all scopes, valid for 12 hours.
  String token() {
    return keys.token(ALL_SCOPES, null, TOKEN_LIFETIME);
  }

  /// The environment of a worker that runs as a separate process.
  Map<String, String> workerSettings() {
    Map<String, String> environment = new HashMap<>(recognizer);
    environment.put("REDIS_URL", redisUrl);
    return environment;
  }

  private static Map<String, String> simulated(SimulatedDeepgram deepgram) {
    return Map.of(
        "DEEPGRAM_API_KEY", "simulated",
        "DEEPGRAM_URL", deepgram.uri().toString(),
        "DEEPGRAM_MODEL", "simulated",
        "DEEPGRAM_OPTIONS", "diarize_model=latest");
  }

  private Map<String, Object> common(int port) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("PORT", port);
    settings.put("server.address", "127.0.0.1");
    settings.put("spring.main.register-shutdown-hook", false); // close() closes them in order
    settings.put("spring.reactor.netty.shutdown-quiet-period", "0s");
    settings.put("REDIS_URL", redisUrl);
    settings.put("PUBSUB_ADAPTER", "redis_streams");
    return settings;
  }

  private Map<String, Object> jwtSettings() {
    return Map.of(
        "JWT_PUBLIC_KEY", keys.publicKeyPem(),
        "JWT_JWKS_URL", "",
        "AUTH0_DOMAIN", "",
        "AUTH0_AUDIENCE", "",
        "JWT_ISSUER", "",
        "JWT_AUDIENCE", "");
  }

  private Map<String, Object> ingestSettings(int port) {
    Map<String, Object> settings = common(port);
    settings.putAll(jwtSettings());
    settings.put("DRAIN_TIMEOUT", "1s"); // Ctrl-C does not wait for live calls
    settings.put("SUPPORT_EXOTEL", "true");
    settings.put("EXOTEL_USERNAME", TENANT);
    settings.put("EXOTEL_PASSWORD", exotelPassword);
    return settings;
  }

  private ApplicationContextInitializer<GenericApplicationContext> localPage(Settings settings) {
    return context ->
        context.registerBean(
            LocalPageHandler.class,
            () ->
                new LocalPageHandler(
                    this::token, () -> settings.play().apply(this), SampleCall.file()));
  }

  /// Starts a service, in this process unless it has an image.
  ///
  /// @return its port
  private int serve(
      Service service,
      Map<String, Object> environment,
      Settings settings,
      ApplicationContextInitializer<?>... initializers) {
    Path image = settings.images().get(service.name());
    if (image != null) {
      RecordedService process = RecordedService.start(image, variables(environment));
      services.add(process);
      recorded.add(process);
      return process.port();
    }
    ConfigurableApplicationContext context = service.start(environment, initializers);
    services.add(context);
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /// The settings that are environment variables; the others are for services of this process.
  private static Map<String, String> variables(Map<String, Object> settings) {
    Map<String, String> variables = new HashMap<>();
    settings.forEach((name, value) -> {
      if (VARIABLE.matcher(name).matches()) {
        variables.put(name, value.toString());
      }
    });
    return variables;
  }

  /// The services that run from their images.
  List<RecordedService> recorded() {
    return recorded;
  }

  /// A file for each port, so that ended calls are found after a restart. In memory if the port is
  /// not known.
  private static String database(int port) {
    return port == 0
        ? "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" // kept without connections
        : "jdbc:h2:file:" + Path.of("target", "record-" + port).toAbsolutePath();
  }

  private static int port(int requested, int preset) {
    if (requested != 0) {
      return requested;
    }
    try (ServerSocket _ = new ServerSocket(preset, 1, InetAddress.getLoopbackAddress())) {
      return preset;
    } catch (IOException inUse) {
      return 0;
    }
  }

  /// Closes the services in the order of the audio path, so that calls end before the services that
  /// wait for their ends close. Closes Redis last. Idempotent.
  @Override
  public void close() {
    for (AutoCloseable service = services.poll(); service != null; service = services.poll()) {
      close(service);
    }
    if (deepgram != null) {
      deepgram.close();
    }
    if (providers != null) {
      providers.close();
    }
    if (redis != null) {
      redis.close();
    }
  }

  private static void close(AutoCloseable service) {
    try {
      service.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
