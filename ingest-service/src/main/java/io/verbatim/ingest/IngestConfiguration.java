package io.verbatim.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.verbatim.ingest.audiostream.AudioStream;
import io.verbatim.ingest.audiostream.AudioStreamAuthenticator;
import io.verbatim.ingest.audiostream.JsonDialect;
import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.auth.ExotelCredentials;
import io.verbatim.ingest.auth.KnownApiKeys;
import io.verbatim.ingest.auth.StreamAuthenticator;
import io.verbatim.ingest.call.BacklogQuota;
import io.verbatim.ingest.call.BlockPool;
import io.verbatim.ingest.call.CallContext;
import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.call.CallSettings;
import io.verbatim.ingest.connection.ConnectionContext;
import io.verbatim.ingest.connection.ConnectionTimeouts;
import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.ingest.connection.RateLimit;
import io.verbatim.ingest.exotel.ExotelDialect;
import io.verbatim.ingest.exotel.ExotelHints;
import io.verbatim.ingest.handshake.CallAdmission;
import io.verbatim.ingest.handshake.HandshakeHandler;
import io.verbatim.ingest.handshake.PendingAuthLimiter;
import io.verbatim.ingest.handshake.PreHandshakeDataHandler;
import io.verbatim.ingest.handshake.RejectionHandler;
import io.verbatim.ingest.handshake.RejectionLog;
import io.verbatim.ingest.handshake.UpgradeHandler;
import io.verbatim.ingest.handshake.UrlHandler;
import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.ingest.pcm.PcmDialect;
import io.verbatim.ingest.socketio.EngineSessions;
import io.verbatim.ingest.socketio.SocketIoHandler;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.security.client.AddressRange;
import io.verbatim.security.client.RateLimiter;
import io.verbatim.security.client.TrustedProxies;
import io.verbatim.security.http.ClientFilter;
import io.verbatim.security.http.Problem;
import io.verbatim.security.http.RequestLimitsFilter;
import io.verbatim.security.http.RequestLimitsFilter.BodyLimits;
import io.verbatim.security.token.KeySource;
import io.verbatim.security.token.TokenVerifier;
import io.verbatim.service.BusHealthIndicator;
import io.verbatim.service.BusMetrics;
import io.verbatim.service.EventLoop;
import io.verbatim.service.HealthHandler;
import io.verbatim.service.LoopLag;
import io.verbatim.service.MetricsServer;
import io.verbatim.service.NetworkThreads;
import io.verbatim.service.ProcessMetrics;
import io.verbatim.service.Secret;
import io.verbatim.service.StartFailure;
import io.verbatim.service.Transport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import reactor.core.scheduler.Schedulers;
import reactor.netty.NettyPipeline;

/// Builds the service from its parts.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(IngestProperties.class)
class IngestConfiguration {
  private static final Logger logger = LoggerFactory.getLogger(IngestApplication.class);
  private static final String SERVICE = "ingest";
  private static final String REDIS_CLIENT = "ingest-service";
  private static final int BURST_SECONDS = 10;

  /// A connection authenticates within seconds, a call lasts minutes.
  private static final int CALLS_PER_PENDING_AUTH = 4;

  /// The time a worker may take to finish a call's transcript after its end.
  private static final Duration SETTLE_TIMEOUT = Duration.ofMinutes(1);

  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(5);
  private static final Duration STALL = Duration.ofSeconds(5);
  private static final Problem NO_UPGRADE =
      Problem.named(426, "no_upgrade", "The path is a WebSocket. Send Upgrade: websocket.");
  private static final Duration SWEEP_INTERVAL = Duration.ofMillis(100);

  /// Closed last, because all other beans need it to close.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  EventLoop eventLoop(IngestProperties properties) {
    return EventLoop.start("ingest", Transport.of(properties.transport()));
  }

  @Bean(destroyMethod = "close")
  LoopLag loopLag(EventLoop eventLoop, MeterRegistry registry) {
    return new LoopLag(eventLoop, registry, "ingest");
  }

  @Bean
  ReactorResourceFactory networkThreads(EventLoop eventLoop) {
    return NetworkThreads.on(eventLoop);
  }

  @Bean
  @ConditionalOnMissingBean
  InstantSource clock() {
    return InstantSource.system();
  }

  /// The lease duration is unused here: only workers lease calls.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Bus bus(IngestProperties properties, EventLoop eventLoop, InstantSource clock) {
    if (properties.pubsubAdapter() == IngestProperties.Adapter.IN_MEMORY) {
      throw new StartFailure(
          "PUBSUB_ADAPTER may be in_memory only if all services run in one process");
    }
    IngestProperties.Redis redis = properties.redis();
    return RedisBus.open(
        new RedisSettings(
            redis.url().value(),
            redis.keyPrefix(),
            REDIS_CLIENT,
            redis.audioRetention(),
            redis.transcriptRetention(),
            Duration.ofSeconds(2),
            properties.limits().deadLetterMax(),
            redis.clientsWarn(),
            redis.clientsCritical()),
        eventLoop.netty());
  }

  @Bean
  IngestMetrics ingestMetrics(MeterRegistry registry, IngestProperties properties, Bus bus) {
    IngestMetrics metrics = new IngestMetrics(registry);
    metrics.registerViolations(Source.EXOTEL.wireName(), ExotelDialect.violations());
    metrics.registerViolations(AudioStream.source(), AudioStream.violations());
    metrics.registerViolations(Source.PCM.wireName(), PcmDialect.violations());
    metrics.gaugeLimits(
        properties.limits().maxCalls(), properties.redis().audioRetentionBytes().toBytes());
    IngestProperties.Redis redis = properties.redis();
    BusMetrics.register(registry, "ingest", bus, redis.clientsWarn(), redis.clientsCritical());
    ProcessMetrics.register(registry, "ingest");
    return metrics;
  }

  @Bean
  CallRegistry callRegistry(
      Bus bus,
      EventLoop eventLoop,
      InstantSource clock,
      IngestMetrics metrics,
      IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    BacklogQuota backlog = new BacklogQuota(properties.redis().audioRetentionBytes().toBytes());
    metrics.gaugeBacklog(backlog::bytes);
    return new CallRegistry(
        limits.maxCalls(),
        limits.maxCallsPerTenant(),
        new CallContext(
            bus.audio(),
            () -> !(bus.health() instanceof BusHealth.Away),
            backlog,
            new BlockPool(limits.retransmitBytes().toBytes()),
            eventLoop::after,
            clock,
            RandomGenerator.getDefault(),
            metrics,
            new CallSettings(
                limits.callBuffer().toBytes(),
                HEARTBEAT_INTERVAL,
                limits.resumeWindow(),
                SETTLE_TIMEOUT)),
        () -> UUID.randomUUID().toString());
  }

  /// Allows twice as many connections as calls: a caller may reconnect before the loss of its old
  /// connection is detected.
  @Bean
  OpenConnections openConnections(
      IngestProperties properties, EventLoop eventLoop, IngestMetrics metrics) {
    OpenConnections connections = new OpenConnections(2 * properties.limits().maxCalls(), metrics);
    eventLoop.every(SWEEP_INTERVAL, connections::sweep);
    return connections;
  }

  @Bean
  CallAdmission callAdmission(CallRegistry calls, OpenConnections connections) {
    return new CallAdmission(calls, connections);
  }

  @Bean
  TrustedProxies trustedProxies(IngestProperties properties) {
    return new TrustedProxies(
        ranges(properties.trustedProxies()), set(properties.clientIpHeader()));
  }

  @Bean(destroyMethod = "close")
  KeySource tokenKeys(IngestProperties properties) {
    return KeySource.of(properties.jwt());
  }

  @Bean(destroyMethod = "close")
  KnownApiKeys knownApiKeys(Bus bus, EventLoop eventLoop, InstantSource clock) {
    KnownApiKeys keys = new KnownApiKeys(bus.apiKeys(), eventLoop, clock, System::nanoTime);
    keys.start();
    return keys;
  }

  @Bean
  StreamAuthenticator streamAuthenticator(
      IngestProperties properties, KeySource keys, KnownApiKeys apiKeys, InstantSource clock) {
    IngestProperties.Exotel exotel = properties.exotel();
    return new StreamAuthenticator(
        properties.jwt().areSet()
            ? Optional.of(new TokenVerifier(properties.jwt(), keys, clock))
            : Optional.empty(),
        exotel.supported()
            ? Optional.of(
                new ExotelCredentials(
                    exotel.username(),
                    exotel.password(),
                    exotel.pathToken(),
                    ranges(exotel.allowedIps()),
                    exotel.startToken(),
                    exotel.auth() == IngestProperties.ExotelAuth.NONE))
            : Optional.empty(),
        apiKeys::authenticate);
  }

  @Bean
  ConnectionContext connectionContext(
      CallRegistry calls,
      Bus bus,
      IngestMetrics metrics,
      KnownApiKeys apiKeys,
      InstantSource clock,
      IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    return new ConnectionContext(
        calls,
        bus.transcripts(),
        new ConnectionTimeouts(
            limits.startTimeout(),
            STALL,
            limits.mediaTimeout(),
            limits.pingInterval(),
            limits.pongTimeout(),
            limits.transcriptTimeout(),
            limits.sessionTimeout()),
        new RateLimit(limits.intakeBurst(), limits.intakeSpeed()),
        Math.toIntExact(limits.maxMessage().toBytes()),
        metrics,
        apiKeys::isRevoked,
        clock,
        System::nanoTime);
  }

  @Bean
  RejectionHandler rejections(IngestMetrics metrics, InstantSource clock) {
    return new RejectionHandler(new RejectionLog(metrics, clock));
  }

  @Bean
  @Order(1)
  ClientFilter client(TrustedProxies proxies) {
    return new ClientFilter(proxies);
  }

  /// Upgrades have no limit on their rate: an authenticated caller is admitted regardless of other
  /// clients at its address, and failed authentications have a separate limit. A session of an
  /// authenticated Socket.IO client is limited as a connection is.
  @Bean
  @Order(2)
  RequestLimitsFilter requestLimits(
      RejectionHandler rejections,
      SocketIoHandler sessions,
      EventLoop eventLoop,
      IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    return new RequestLimitsFilter(
        rateLimiter(limits.requestsPerSecond()),
        request -> HandshakeHandler.isUpgrade(request) || sessions.isOfKnownCaller(request),
        SocketIoHandler::readsBody,
        "Too many requests from your address. Send at most REQUESTS_PER_SECOND.",
        new BodyLimits(
            limits.maxRequestBody().toBytes(),
            "The request body is larger than MAX_REQUEST_BODY.",
            limits.requestTimeout(),
            "The request body did not arrive within REQUEST_TIMEOUT.",
            Schedulers.fromExecutorService(eventLoop.netty())),
        rejections);
  }

  private static RateLimiter rateLimiter(int perSecond) {
    return new RateLimiter(perSecond, BURST_SECONDS, System::nanoTime);
  }

  /// Limits the failed authentications of an address, on all paths together.
  @Bean
  RateLimiter authFailures(IngestProperties properties) {
    return rateLimiter(properties.limits().authFailuresPerSecond());
  }

  @Bean
  UpgradeHandler upgrades(
      EventLoop eventLoop, OpenConnections connections, ConnectionContext context) {
    return new UpgradeHandler(eventLoop, connections, context);
  }

  @Bean
  HandshakeHandler handshakeHandler(
      StreamAuthenticator authenticator,
      CallAdmission admission,
      RejectionHandler rejections,
      UpgradeHandler upgrades,
      RateLimiter failures,
      EventLoop eventLoop,
      TrustedProxies proxies,
      IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    PendingAuthLimiter pending =
        new PendingAuthLimiter(Math.max(1, limits.maxCalls() / CALLS_PER_PENDING_AUTH), failures);
    HandshakeHandler.Dialects dialects =
        (caller, request, client) ->
            connection ->
                switch (caller) {
                  case Caller.TokenHolder holder ->
                      new PcmDialect(
                          connection,
                          holder,
                          limits.ackInterval(),
                          Optional.ofNullable(hints(request).language()));
                  case Caller.Exotel _ ->
                      new ExotelDialect(connection, hints(request), Optional.empty());
                  case Caller.UnprovenExotel(Secret startToken) ->
                      new ExotelDialect(
                          connection,
                          hints(request),
                          Optional.of(pending.admit(startToken, client)));
                };
    return new HandshakeHandler(
        authenticator::authenticate,
        failures,
        admission,
        upgrades,
        dialects,
        eventLoop,
        new UrlHandler(set(properties.publicUrl()), proxies),
        proxies,
        rejections);
  }

  private static ExotelHints hints(ServerHttpRequest request) {
    MultiValueMap<String, String> query = request.getQueryParams();
    String rate = query.getFirst("sample-rate");
    return new ExotelHints(
        rate != null ? rate : query.getFirst("sample_rate"), query.getFirst("lang"));
  }

  /// A request to `/audio-stream` without an upgrade is rejected: there is no URL to ask for.
  @Bean
  HandshakeHandler audioStreamHandler(
      StreamAuthenticator authenticator,
      CallAdmission admission,
      RejectionHandler rejections,
      UpgradeHandler upgrades,
      RateLimiter failures,
      EventLoop eventLoop,
      TrustedProxies proxies) {
    AudioStreamAuthenticator tokens = new AudioStreamAuthenticator(authenticator);
    return new HandshakeHandler(
        handshake ->
            tokens.authenticate(
                AudioStreamAuthenticator.bearer(handshake.authorization()), handshake.apiKey()),
        failures,
        admission,
        upgrades,
        (caller, request, _) ->
            connection ->
                new JsonDialect(
                    connection,
                    (Caller.TokenHolder) caller,
                    Optional.ofNullable(hints(request).language())),
        eventLoop,
        (exchange, _, _) -> rejections.reject(exchange, NO_UPGRADE),
        proxies,
        rejections);
  }

  @Bean
  SocketIoHandler socketIoHandler(
      StreamAuthenticator authenticator,
      OpenConnections connections,
      ConnectionContext context,
      CallAdmission admission,
      UpgradeHandler upgrades,
      RejectionHandler rejections,
      RateLimiter failures,
      EventLoop eventLoop,
      IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    EngineSessions sessions =
        new EngineSessions(
            Math.max(1, limits.maxCalls() / CALLS_PER_PENDING_AUTH),
            connections,
            context,
            new AudioStreamAuthenticator(authenticator),
            failures,
            rejections,
            eventLoop);
    return new SocketIoHandler(
        sessions,
        admission,
        upgrades,
        rejections,
        eventLoop,
        new SocketIoHandler.Settings(
            context.maxMessageBytes(),
            limits.requestTimeout(),
            Set.copyOf(properties.corsOrigins())));
  }

  @Bean
  HandlerMapping ingestMapping(
      HandshakeHandler handshakeHandler,
      HandshakeHandler audioStreamHandler,
      SocketIoHandler socketIoHandler) {
    return new SimpleUrlHandlerMapping(
        Map.of(
            "/v1/ingest", handshakeHandler,
            "/v1/ingest/**", handshakeHandler,
            "/audio-stream", audioStreamHandler,
            "/socket.io/", socketIoHandler,
            "/socket.io", socketIoHandler),
        -1);
  }

  @Bean
  RouterFunction<ServerResponse> routes(Bus bus) {
    return RouterFunctions.route().GET("/health", new HealthHandler(SERVICE, bus)).build();
  }

  @Bean
  BusHealthIndicator busHealthIndicator(Bus bus) {
    return new BusHealthIndicator(bus);
  }

  /// Closes a connection whose request headers take too long, or that is idle too long between two
  /// requests. Reactor Netty's `requestTimeout` is unsuitable: it continues after an upgrade and
  /// would close every call. `RequestLimitsFilter` limits the time of bodies.
  @Bean
  NettyServerCustomizer idleTimeout(IngestProperties properties) {
    Duration timeout = properties.limits().requestTimeout();
    return server -> server.idleTimeout(timeout);
  }

  @Bean
  NettyServerCustomizer preHandshakeData() {
    PreHandshakeDataHandler handler = new PreHandshakeDataHandler();
    return server ->
        server.doOnChannelInit((_, channel, _) ->
            channel
                .pipeline()
                .addBefore(NettyPipeline.ReactiveBridge, PreHandshakeDataHandler.NAME, handler));
  }

  @Bean(destroyMethod = "close")
  MetricsServer metricsServer(
      IngestProperties properties,
      ServerProperties server,
      PrometheusMeterRegistry registry,
      EventLoop eventLoop) {
    return MetricsServer.on(
        server.getAddress(), properties.managementPort(), registry::scrape, eventLoop);
  }

  @Bean
  ApplicationListener<WebServerInitializedEvent> listening(IngestProperties properties) {
    String scheme = properties.tls().isOn() ? "https" : "http";
    return event -> {
      logger.info("server.listening url={}://localhost:{}", scheme, event.getWebServer().getPort());
      logger.info("callers.accepted by={}", String.join(",", credentials(properties)));
    };
  }

  /// Runs before the web server and the bus close, while calls can still use both.
  @Bean
  ApplicationListener<ContextClosedEvent> drain(
      EventLoop eventLoop,
      CallAdmission admission,
      CallRegistry calls,
      OpenConnections connections,
      IngestProperties properties) {
    IngestDrain drain =
        new IngestDrain(eventLoop, admission, calls, connections, properties.drainTimeout());
    return _ -> drain.run();
  }

  /// The accepted kinds of credentials, for operators.
  private static List<String> credentials(IngestProperties properties) {
    IngestProperties.Exotel exotel = properties.exotel();
    Map<String, Boolean> exotelCredentials = new LinkedHashMap<>();
    exotelCredentials.put("exotel-basic", exotel.password().isSet());
    exotelCredentials.put("exotel-path", exotel.pathToken().isSet());
    exotelCredentials.put("exotel-address", !exotel.allowedIps().isEmpty());
    exotelCredentials.put("exotel-start-token", exotel.startToken().isSet());
    exotelCredentials.put("exotel-none", exotel.auth() == IngestProperties.ExotelAuth.NONE);
    List<String> credentials =
        new ArrayList<>(properties.jwt().areSet() ? List.of("jwt") : List.of());
    exotelCredentials.forEach((credential, set) ->
        credentials.addAll(exotel.supported() && set ? List.of(credential) : List.of()));
    return credentials;
  }

  private static List<AddressRange> ranges(List<String> texts) {
    return texts.stream().map(AddressRange::parse).toList();
  }

  private static Optional<String> set(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text.strip());
  }
}
