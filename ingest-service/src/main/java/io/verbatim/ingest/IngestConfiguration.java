package io.verbatim.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.auth.ExotelCredentials;
import io.verbatim.ingest.auth.Secret;
import io.verbatim.ingest.auth.StreamAuthenticator;
import io.verbatim.ingest.call.BlockPool;
import io.verbatim.ingest.call.CallContext;
import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.call.CallSettings;
import io.verbatim.ingest.call.SharedQuota;
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
import io.verbatim.ingest.handshake.RejectionLog;
import io.verbatim.ingest.handshake.RequestLimitsHandler;
import io.verbatim.ingest.handshake.UpgradeHandler;
import io.verbatim.ingest.handshake.UrlHandler;
import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.ingest.pcm.PcmDialect;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.service.BusHealthIndicator;
import io.verbatim.service.EventLoop;
import io.verbatim.service.HealthHandler;
import io.verbatim.service.LoopLag;
import io.verbatim.service.MetricsServer;
import io.verbatim.service.NetworkThreads;
import io.verbatim.service.StartFailure;
import io.verbatim.service.Transport;
import io.verbatim.tokens.KeySource;
import io.verbatim.tokens.TokenVerifier;
import io.verbatim.tokens.client.AddressAllowance;
import io.verbatim.tokens.client.AddressRange;
import io.verbatim.tokens.client.TrustedProxies;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import reactor.netty.NettyPipeline;

/// Puts the service together: the only place that knows all of its parts.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(IngestProperties.class)
class IngestConfiguration {
  private static final Logger logger = LoggerFactory.getLogger(IngestApplication.class);
  private static final String SERVICE = "ingest";
  private static final String REDIS_CLIENT = "ingest-service";
  private static final int BURST_SECONDS = 10;

  /// A connection authenticates within moments, a call lasts minutes.
  private static final int CALLS_PER_PENDING_AUTH = 4;

  /// As long as a worker may take for the last words of a call.
  private static final Duration SETTLE_TIMEOUT = Duration.ofMinutes(1);

  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(5);
  private static final Duration STALL = Duration.ofSeconds(5);
  private static final Duration SWEEP_INTERVAL = Duration.ofMillis(100);

  /// Closed last: everything else needs it to close.
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

  /// The lease is the workers' affair; nothing here asks for it.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Bus bus(IngestProperties properties, EventLoop eventLoop, InstantSource clock) {
    if (properties.pubsubAdapter() == IngestProperties.Adapter.IN_MEMORY) {
      throw new StartFailure(
          "PUBSUB_ADAPTER may be in_memory only where all services run in one process");
    }
    IngestProperties.Redis redis = properties.redis();
    return RedisBus.open(
        new RedisSettings(
            redis.url(),
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
  IngestMetrics ingestMetrics(MeterRegistry registry) {
    IngestMetrics metrics = new IngestMetrics(registry);
    metrics.registerViolations(Source.EXOTEL.wireName(), ExotelDialect.violations());
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
    SharedQuota backlog = new SharedQuota(properties.redis().audioRetentionBytes().toBytes());
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

  /// Twice as many connections as calls: a caller may come back before its old connection is known
  /// to be lost.
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
    return new TrustedProxies(ranges(properties.trustedProxies()));
  }

  @Bean(destroyMethod = "close")
  KeySource tokenKeys(IngestProperties properties) {
    return KeySource.of(properties.jwt());
  }

  @Bean
  StreamAuthenticator streamAuthenticator(
      IngestProperties properties, KeySource keys, TrustedProxies proxies, InstantSource clock) {
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
        proxies);
  }

  @Bean
  ConnectionContext connectionContext(
      CallRegistry calls, IngestMetrics metrics, InstantSource clock, IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    return new ConnectionContext(
        calls,
        new ConnectionTimeouts(
            limits.startTimeout(),
            STALL,
            limits.mediaTimeout(),
            limits.pingInterval(),
            limits.pongTimeout(),
            limits.sessionTimeout()),
        new RateLimit(limits.intakeBurst(), limits.intakeSpeed()),
        Math.toIntExact(limits.maxMessage().toBytes()),
        metrics,
        clock,
        System::nanoTime);
  }

  @Bean
  RejectionLog rejectionLog(IngestMetrics metrics, InstantSource clock) {
    return new RejectionLog(metrics, clock);
  }

  @Bean
  RequestLimitsHandler requestLimits(
      TrustedProxies proxies, RejectionLog rejections, IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    return new RequestLimitsHandler(
        allowance(limits.requestsPerSecond()),
        proxies,
        limits.maxRequestBody().toBytes(),
        limits.requestTimeout(),
        rejections);
  }

  private static AddressAllowance allowance(int perSecond) {
    return new AddressAllowance(perSecond, BURST_SECONDS, System::nanoTime);
  }

  @Bean
  HandshakeHandler handshakeHandler(
      StreamAuthenticator authenticator,
      CallAdmission admission,
      RejectionLog rejections,
      OpenConnections connections,
      ConnectionContext context,
      EventLoop eventLoop,
      TrustedProxies proxies,
      IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    AddressAllowance failures = allowance(limits.authFailuresPerSecond());
    PendingAuthLimiter pending =
        new PendingAuthLimiter(Math.max(1, limits.maxCalls() / CALLS_PER_PENDING_AUTH), failures);
    HandshakeHandler.Dialects dialects =
        (caller, request, client) ->
            connection ->
                switch (caller) {
                  case Caller.TokenHolder holder ->
                      new PcmDialect(connection, holder, limits.ackInterval());
                  case Caller.Exotel _ ->
                      new ExotelDialect(connection, hints(request), Optional.empty());
                  case Caller.UnprovenExotel(Secret startToken) ->
                      new ExotelDialect(
                          connection,
                          hints(request),
                          Optional.of(pending.admit(startToken, client)));
                };
    return new HandshakeHandler(
        authenticator,
        failures,
        proxies,
        admission,
        new UpgradeHandler(eventLoop, connections, context),
        dialects,
        eventLoop,
        new UrlHandler(set(properties.publicUrl()), proxies),
        rejections);
  }

  private static ExotelHints hints(ServerHttpRequest request) {
    MultiValueMap<String, String> query = request.getQueryParams();
    String rate = query.getFirst("sample-rate");
    return new ExotelHints(
        rate != null ? rate : query.getFirst("sample_rate"), query.getFirst("lang"));
  }

  @Bean
  HandlerMapping ingestMapping(HandshakeHandler handler) {
    return new SimpleUrlHandlerMapping(Map.of("/v1/ingest", handler, "/v1/ingest/**", handler), -1);
  }

  @Bean
  RouterFunction<ServerResponse> routes(Bus bus) {
    return RouterFunctions.route().GET("/health", new HealthHandler(SERVICE, bus)).build();
  }

  @Bean
  BusHealthIndicator busHealthIndicator(Bus bus) {
    return new BusHealthIndicator(bus);
  }

  /// Bounds what has not become a request yet: how long its headers may take, and how long a
  /// connection may rest between two. Not `requestTimeout`: it goes on counting behind an upgrade,
  /// and would cut every call. Bodies have their own bound, in `RequestLimitsHandler`.
  @Bean
  NettyServerCustomizer patience(IngestProperties properties) {
    Duration patience = properties.limits().requestTimeout();
    return server -> server.idleTimeout(patience);
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
      logger.info("callers.accepted by={}", String.join(",", proofs(properties)));
    };
  }

  /// Before the web server and the bus go, while calls can still use both.
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

  /// By which proofs callers come in, for operators who wonder why theirs does not.
  private static List<String> proofs(IngestProperties properties) {
    IngestProperties.Exotel exotel = properties.exotel();
    Map<String, Boolean> exotelProofs = new LinkedHashMap<>();
    exotelProofs.put("exotel-basic", exotel.password().isSet());
    exotelProofs.put("exotel-path", exotel.pathToken().isSet());
    exotelProofs.put("exotel-address", !exotel.allowedIps().isEmpty());
    exotelProofs.put("exotel-start-token", exotel.startToken().isSet());
    exotelProofs.put("exotel-anybody", exotel.auth() == IngestProperties.ExotelAuth.NONE);
    List<String> proofs = new ArrayList<>(properties.jwt().areSet() ? List.of("jwt") : List.of());
    exotelProofs.forEach(
        (proof, set) -> proofs.addAll(exotel.supported() && set ? List.of(proof) : List.of()));
    return proofs;
  }

  private static List<AddressRange> ranges(List<String> texts) {
    return texts.stream().map(AddressRange::parse).toList();
  }

  private static Optional<String> set(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text.strip());
  }
}
