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
import io.verbatim.local.sample.SampleCall;
import io.verbatim.pubsub.testkit.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/// Everything but the calls: a Redis, a recogniser and the services, all on 127.0.0.1. Whoever
/// starts it closes it.
final class Stack implements AutoCloseable {
  /// The account whose calls are played.
  static final String TENANT = "demo";

  private static final Duration READER_LIFE = Duration.ofHours(12);
  private static final String EVERYTHING = "transcripts:read audio:write ops";

  private final Queue<ConfigurableApplicationContext> services = new ConcurrentLinkedQueue<>();
  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final String exotelPassword = UUID.randomUUID().toString();
  private @Nullable RedisServer redis;
  private @Nullable SimulatedDeepgram deepgram;
  private final String redisUrl;
  private final Map<String, String> recognizer;
  private final int ingestPort;
  private final int gatewayPort;

  /// What may differ from one stack to the other.
  ///
  /// @param redisUrl null starts a Redis
  /// @param ports 0 takes a usual port, or a free one where that is taken
  /// @param deepgramKey null simulates the recogniser
  /// @param withWorker false where workers are started apart
  /// @param play plays the sample call for the page and gives its id; empty when enough are being
  ///   played
  record Settings(
      @Nullable String redisUrl,
      RunOptions.Ports ports,
      @Nullable String deepgramKey,
      boolean withWorker,
      Function<Stack, Optional<String>> play) {}

  private Stack(Settings settings, SampleCall sample) {
    try {
      redis = settings.redisUrl() == null ? RedisServer.startOwn() : null;
      redisUrl = redis == null ? String.valueOf(settings.redisUrl()) : redis.url();
      deepgram = settings.deepgramKey() == null ? SimulatedDeepgram.start(sample) : null;
      recognizer =
          deepgram == null
              ? Map.of("DEEPGRAM_API_KEY", String.valueOf(settings.deepgramKey()))
              : simulated(deepgram);
      ingestPort =
          serve(IngestApplication.start(ingestSettings(port(settings.ports().ingest(), 5000))));
      if (settings.withWorker()) {
        Map<String, Object> worker = common(port(settings.ports().worker(), 5001));
        worker.putAll(workerSettings());
        serve(AsrWorkerApplication.start(worker));
      }
      Map<String, Object> gateway = common(port(settings.ports().gateway(), 8080));
      gateway.putAll(jwtSettings());
      gatewayPort = serve(GatewayApplication.start(gateway, localPage(settings)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Starts all parts; when one does not start, those before it are closed again.
  static Stack start(Settings settings, SampleCall sample) {
    return new Stack(settings, sample);
  }

  /// Where audio goes in.
  URI ingest() {
    return URI.create("ws://127.0.0.1:%d/v1/ingest".formatted(ingestPort));
  }

  /// Where transcripts come out, and the page.
  URI gateway() {
    return URI.create("http://127.0.0.1:%d/".formatted(gatewayPort));
  }

  /// Exotel, with the right credentials.
  ExotelCaller exotel() {
    return new ExotelCaller(ingest(), TENANT, exotelPassword, TENANT);
  }

  /// A client of the pcm dialect, with a token.
  PcmCaller pcm() {
    return new PcmCaller(ingest(), token(), TENANT);
  }

  /// What a follower of calls needs.
  CallFollower follower() {
    return new CallFollower(gateway(), this::token);
  }

  /// A token for everything.
  String token() {
    return keys.token(EVERYTHING, null, READER_LIFE);
  }

  /// The environment of a worker that is started apart.
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
    settings.put("spring.main.register-shutdown-hook", false); // this stack closes them, in order
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
    settings.put("DRAIN_TIMEOUT", "1s"); // whoever presses Ctrl-C wants no call to go on
    settings.put("SUPPORT_EXOTEL", "true");
    settings.put("EXOTEL_USERNAME", TENANT);
    settings.put("EXOTEL_PASSWORD", exotelPassword);
    return settings;
  }

  private ApplicationContextInitializer<GenericApplicationContext> localPage(Settings settings) {
    return context ->
        context.registerBean(
            LocalPageHandler.class,
            () -> new LocalPageHandler(this::token, () -> settings.play().apply(this)));
  }

  private int serve(ConfigurableApplicationContext service) {
    services.add(service);
    return service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private static int port(int wanted, int usual) {
    if (wanted != 0) {
      return wanted;
    }
    try (ServerSocket _ = new ServerSocket(usual, 1, InetAddress.getLoopbackAddress())) {
      return usual;
    } catch (IOException taken) {
      return 0;
    }
  }

  /// Closes in the order in which audio flows, so that calls end before those who wait for their
  /// ends; Redis last. Idempotent.
  @Override
  public void close() {
    for (ConfigurableApplicationContext service = services.poll();
        service != null;
        service = services.poll()) {
      service.close();
    }
    if (deepgram != null) {
      deepgram.close();
    }
    if (redis != null) {
      redis.close();
    }
  }
}
