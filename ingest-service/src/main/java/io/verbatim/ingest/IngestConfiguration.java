package io.verbatim.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.auth.ExotelCredentials;
import io.verbatim.ingest.auth.Secret;
import io.verbatim.ingest.auth.StreamAuthenticator;
import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.call.CallSettings;
import io.verbatim.ingest.call.CallTools;
import io.verbatim.ingest.call.UnreadAudio;
import io.verbatim.ingest.exotel.ExotelConnection;
import io.verbatim.ingest.exotel.ExotelHints;
import io.verbatim.ingest.handshake.Admission;
import io.verbatim.ingest.handshake.EarlyBytesHandler;
import io.verbatim.ingest.handshake.HandshakeHandler;
import io.verbatim.ingest.handshake.Refusals;
import io.verbatim.ingest.handshake.RequestLimitsHandler;
import io.verbatim.ingest.handshake.UnprovenSockets;
import io.verbatim.ingest.handshake.UrlHandler;
import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.ingest.pcm.PcmConnection;
import io.verbatim.ingest.websocket.DialectTools;
import io.verbatim.ingest.websocket.OpenSockets;
import io.verbatim.ingest.websocket.SocketHandler;
import io.verbatim.ingest.websocket.SocketPace;
import io.verbatim.ingest.websocket.SocketTimes;
import io.verbatim.pubsub.Bus;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.WebsocketServerSpec;

/// Puts the service together: the only place that knows all of its parts.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(IngestProperties.class)
class IngestConfiguration {
  private static final Logger logger = LoggerFactory.getLogger(IngestApplication.class);
  private static final String SERVICE = "ingest";
  private static final String REDIS_CLIENT = "ingest-service";
  private static final int BURST_SECONDS = 10;

  /// A socket owes its proof for a moment, a call lasts minutes.
  private static final int CALLS_PER_UNPROVEN_SOCKET = 4;

  /// As long as a worker may take for the last words of a call.
  private static final Duration SETTLE_WITHIN = Duration.ofMinutes(1);

  private static final Duration ALIVE_INTERVAL = Duration.ofSeconds(5);
  private static final Duration STALL = Duration.ofSeconds(5);

  /// Closed last: everything else needs it to close.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  EventLoop eventLoop() {
    return EventLoop.start("ingest", Transport.of(Transport.Choice.AUTO));
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
            REDIS_CLIENT,
            redis.audioRetention(),
            redis.transcriptRetention(),
            Duration.ofSeconds(2),
            properties.limits().deadLetterMax(),
            redis.clientsWarn(),
            redis.clientsCritical()),
        eventLoop.netty(),
        clock);
  }

  @Bean
  IngestMetrics ingestMetrics(MeterRegistry registry) {
    return new IngestMetrics(registry);
  }

  /// One thread for retries, signs of life and silence; everything on it is short.
  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService ingestTimer() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("ingest-timer").factory());
  }

  @Bean
  CallRegistry callRegistry(
      Bus bus,
      ScheduledExecutorService ingestTimer,
      InstantSource clock,
      IngestMetrics metrics,
      IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    UnreadAudio unread = new UnreadAudio(properties.redis().audioRetentionBytes().toBytes());
    metrics.gaugeUnread(unread::bytes);
    return new CallRegistry(
        limits.maxCalls(),
        limits.maxCallsPerTenant(),
        new CallTools(
            bus.audio(),
            unread,
            ingestTimer,
            clock,
            RandomGenerator.getDefault(),
            metrics,
            new CallSettings(
                limits.callBuffer().toBytes(),
                ALIVE_INTERVAL,
                limits.resumeWindow(),
                SETTLE_WITHIN)),
        () -> UUID.randomUUID().toString());
  }

  /// Twice as many sockets as calls: a caller may come back before its old line is known to be
  /// lost.
  @Bean
  OpenSockets openSockets(IngestProperties properties, IngestMetrics metrics) {
    return new OpenSockets(2 * properties.limits().maxCalls(), metrics);
  }

  @Bean
  Admission admission(CallRegistry calls, OpenSockets sockets) {
    return new Admission(calls, sockets);
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
  DialectTools dialectTools(
      CallRegistry calls, IngestMetrics metrics, InstantSource clock, IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    return new DialectTools(
        calls,
        new SocketTimes(
            limits.startTimeout(),
            STALL,
            limits.mediaTimeout(),
            limits.pingInterval(),
            limits.pongTimeout(),
            limits.sessionTimeout()),
        new SocketPace.Limits(limits.intakeBurst(), limits.intakeSpeed()),
        metrics,
        clock,
        System::nanoTime);
  }

  @Bean
  Refusals refusals(IngestMetrics metrics, InstantSource clock) {
    return new Refusals(metrics, clock);
  }

  @Bean
  RequestLimitsHandler requestLimits(
      TrustedProxies proxies, Refusals refusals, IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    return new RequestLimitsHandler(
        allowance(limits.requestsPerSecond()),
        proxies,
        limits.maxRequestBody().toBytes(),
        limits.requestTimeout(),
        refusals);
  }

  private static AddressAllowance allowance(int perSecond) {
    return new AddressAllowance(perSecond, BURST_SECONDS, System::nanoTime);
  }

  @Bean
  HandshakeHandler handshakeHandler(
      StreamAuthenticator authenticator,
      Admission admission,
      Refusals refusals,
      OpenSockets openSockets,
      DialectTools tools,
      ScheduledExecutorService ingestTimer,
      TrustedProxies proxies,
      IngestProperties properties) {
    IngestProperties.Limits limits = properties.limits();
    AddressAllowance failures = allowance(limits.authFailuresPerSecond());
    UnprovenSockets unproven =
        new UnprovenSockets(Math.max(1, limits.maxCalls() / CALLS_PER_UNPROVEN_SOCKET), failures);
    HandshakeHandler.SocketHandlers handlers =
        (caller, request, client) ->
            new SocketHandler(
                socket ->
                    switch (caller) {
                      case Caller.TokenHolder holder ->
                          new PcmConnection(socket, tools, holder, limits.ackInterval());
                      case Caller.Exotel _ ->
                          new ExotelConnection(socket, tools, hints(request), Optional.empty());
                      case Caller.UnprovenExotel(Secret startToken) ->
                          new ExotelConnection(
                              socket,
                              tools,
                              hints(request),
                              Optional.of(unproven.admit(startToken, client)));
                    },
                openSockets,
                ingestTimer,
                tools.metrics());
    return new HandshakeHandler(
        authenticator,
        failures,
        proxies,
        admission,
        new HandshakeWebSocketService(
            new ReactorNettyRequestUpgradeStrategy(() -> webSocketSpec(limits.maxMessage()))),
        handlers,
        new UrlHandler(set(properties.publicUrl()), proxies),
        refusals);
  }

  /// No compression: a frame's limit would be checked before it is inflated. Pings come to us, for
  /// they are signs of life.
  private static WebsocketServerSpec.Builder webSocketSpec(DataSize maxMessage) {
    return WebsocketServerSpec.builder()
        .maxFramePayloadLength((int) maxMessage.toBytes())
        .handlePing(true)
        .compress(false);
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
  NettyServerCustomizer earlyBytes() {
    EarlyBytesHandler handler = new EarlyBytesHandler();
    return server ->
        server.doOnChannelInit((_, channel, _) ->
            channel
                .pipeline()
                .addBefore(NettyPipeline.ReactiveBridge, "verbatim.earlyBytes", handler));
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
      Admission admission, CallRegistry calls, OpenSockets sockets, IngestProperties properties) {
    IngestDrain drain = new IngestDrain(admission, calls, sockets, properties.drainTimeout());
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
