package io.verbatim.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.SessionHandler;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.calls.CallsHandler;
import io.verbatim.gateway.deadletter.DeadLetterHandler;
import io.verbatim.gateway.hub.HubLimits;
import io.verbatim.gateway.hub.TranscriptHub;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.page.AlertWordsHandler;
import io.verbatim.gateway.page.PageHandler;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.gateway.watch.LiveHandler;
import io.verbatim.gateway.watch.StreamHandler;
import io.verbatim.gateway.watch.TranscriptHandler;
import io.verbatim.gateway.web.ClientHandler;
import io.verbatim.gateway.web.CorsHandler;
import io.verbatim.gateway.web.Origins;
import io.verbatim.gateway.web.RequestLimitsHandler;
import io.verbatim.gateway.web.SecurityHeadersHandler;
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
import java.util.Set;
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
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/// Puts the gateway together: the only place that knows all of its parts.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(GatewayProperties.class)
class GatewayConfiguration {

  private static final Logger log = LoggerFactory.getLogger(GatewayApplication.class);
  private static final String SERVICE = "transcript-gateway";
  private static final int BURST_SECONDS = 10;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /// Closed last: everything else needs it to close.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  EventLoop eventLoop(GatewayProperties properties) {
    return EventLoop.start("gateway", Transport.of(properties.transport()));
  }

  @Bean(destroyMethod = "close")
  LoopLag loopLag(EventLoop eventLoop, MeterRegistry registry) {
    return new LoopLag(eventLoop, registry, "gateway");
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

  /// A reader's connection: settings that only writers and owners need are not asked for here.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Bus bus(GatewayProperties properties, EventLoop eventLoop, InstantSource clock) {
    if (properties.pubsubAdapter() == GatewayProperties.Adapter.IN_MEMORY) {
      throw new StartFailure(
          "PUBSUB_ADAPTER may be in_memory only where all services run in one process, as"
              + " local-stack does");
    }
    return RedisBus.open(
        new RedisSettings(
            properties.redisUrl(),
            properties.redisKeyPrefix(),
            SERVICE,
            Duration.ofSeconds(60),
            Duration.ofHours(24),
            Duration.ofSeconds(2),
            properties.limits().deadLetterMax(),
            properties.redisClients().warn(),
            properties.redisClients().critical()),
        eventLoop.netty());
  }

  @Bean
  GatewayMetrics gatewayMetrics(MeterRegistry registry) {
    return new GatewayMetrics(registry);
  }

  @Bean
  CallLookup callLookup(Bus bus) {
    return new CallLookup(bus.calls());
  }

  @Bean
  TranscriptReads transcriptReads(Bus bus) {
    return new TranscriptReads(bus.transcripts());
  }

  @Bean(destroyMethod = "close")
  TranscriptHub transcriptHub(
      EventLoop eventLoop,
      Bus bus,
      TranscriptReads reads,
      CallLookup lookup,
      GatewayProperties properties,
      GatewayMetrics metrics,
      InstantSource clock) {
    GatewayProperties.Limits limits = properties.limits();
    return new TranscriptHub(
        eventLoop,
        bus,
        reads,
        lookup::lookup,
        new HubLimits(
            limits.maxSseClients(),
            limits.maxSseClientsPerTenant(),
            limits.sseBuffer().toBytes(),
            limits.sseSweepInterval(),
            limits.sseStaleAfter(),
            limits.callRetain(),
            HEARTBEAT,
            limits.feedMemory().toBytes(),
            CallLookup.NEWEST),
        metrics,
        clock);
  }

  @Bean
  Origins origins(GatewayProperties properties) {
    return new Origins(Set.copyOf(properties.corsOrigins()));
  }

  @Bean(destroyMethod = "close")
  KeySource tokenKeys(GatewayProperties properties) {
    return KeySource.of(properties.jwt());
  }

  @Bean
  AccessHandler access(
      GatewayProperties properties,
      KeySource keys,
      Origins origins,
      GatewayMetrics metrics,
      InstantSource clock,
      EventLoop eventLoop) {
    return new AccessHandler(
        new TokenVerifier(properties.jwt(), keys, clock),
        origins,
        new AddressAllowance(
            properties.limits().authFailuresPerSecond(), BURST_SECONDS, System::nanoTime),
        metrics,
        eventLoop);
  }

  @Bean
  @Order(0)
  RouterFunction<ServerResponse> routes(
      EventLoop eventLoop,
      Bus bus,
      TranscriptReads reads,
      CallLookup lookup,
      TranscriptHub hub,
      AccessHandler access,
      GatewayProperties properties,
      GatewayMetrics metrics,
      InstantSource clock) {
    CallsHandler calls = new CallsHandler(lookup, reads, eventLoop);
    LiveHandler live = new LiveHandler(hub, lookup, bus, reads, eventLoop);
    TranscriptHandler transcripts = new TranscriptHandler(live, lookup, reads, eventLoop, metrics);
    RouterFunction<ServerResponse> reading =
        RouterFunctions.route()
            .GET("/v1/calls", calls::list)
            .GET("/v1/live", live::page)
            .GET("/v1/alert-words", new AlertWordsHandler(properties.alertWords()))
            .GET("/v1/calls/{callId}", calls::one)
            .GET("/v1/calls/{callId}/transcript", transcripts::transcript)
            .filter(access.reading())
            .onError(Throwable.class, ProblemHandler::failed)
            .build();
    DeadLetterHandler letters = new DeadLetterHandler(bus.deadLetters());
    RouterFunction<ServerResponse> operating =
        RouterFunctions.route()
            .GET("/v1/dead-letters", letters::list)
            .DELETE("/v1/dead-letters/{id}", letters::delete)
            .filter(access.operating())
            .onError(Throwable.class, ProblemHandler::failed)
            .build();
    SessionHandler sessions = new SessionHandler(access, clock);
    PageHandler page = new PageHandler();
    return RouterFunctions.route()
        .add(reading)
        .add(operating)
        .POST("/v1/session", sessions::open)
        .DELETE("/v1/session", sessions::close)
        .GET("/health", new HealthHandler(SERVICE, bus))
        .GET("/api/health", new HealthHandler("frontend", bus))
        .GET("/", page::page)
        .GET("/wall", page::page)
        .GET("/calls/{callId}", page::page)
        .GET("/{file}", page::file)
        .onError(Throwable.class, ProblemHandler::failed)
        .build();
  }

  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  RouterFunction<ServerResponse> notFound() {
    return RouterFunctions.route(RequestPredicates.all(), ProblemHandler::nothingHere);
  }

  @Bean
  @Order(1)
  ClientHandler client(GatewayProperties properties) {
    return new ClientHandler(
        new TrustedProxies(properties.trustedProxies().stream().map(AddressRange::parse).toList()));
  }

  @Bean
  @Order(2)
  SecurityHeadersHandler securityHeaders() {
    return new SecurityHeadersHandler();
  }

  @Bean
  @Order(3)
  CorsHandler cors(Origins origins) {
    return new CorsHandler(origins);
  }

  @Bean
  @Order(4)
  RequestLimitsHandler requestLimits(GatewayProperties properties, GatewayMetrics metrics) {
    GatewayProperties.Limits limits = properties.limits();
    return new RequestLimitsHandler(
        new AddressAllowance(limits.requestsPerSecond(), BURST_SECONDS, System::nanoTime),
        limits.maxRequestBody().toBytes(),
        metrics);
  }

  @Bean
  BusHealthIndicator busHealthIndicator(Bus bus) {
    return new BusHealthIndicator(bus);
  }

  /// Bounds what is not a request yet: how long its headers or its body may take, and how long a
  /// connection may be idle between two.
  @Bean
  NettyServerCustomizer requestTimeout(GatewayProperties properties) {
    Duration timeout = properties.limits().requestTimeout();
    return server -> server.idleTimeout(timeout).requestTimeout(timeout);
  }

  @Bean
  NettyServerCustomizer streams() {
    return server -> server.mapHandle(StreamHandler::untilEnd);
  }

  @Bean(destroyMethod = "close")
  MetricsServer metricsServer(
      GatewayProperties properties,
      ServerProperties server,
      PrometheusMeterRegistry registry,
      EventLoop eventLoop) {
    return MetricsServer.on(
        server.getAddress(), properties.managementPort(), registry::scrape, eventLoop);
  }

  @Bean
  ApplicationListener<WebServerInitializedEvent> listening(GatewayProperties properties) {
    String scheme = properties.tls().isOn() ? "https" : "http";
    return event ->
        log.info("server.listening url={}://localhost:{}", scheme, event.getWebServer().getPort());
  }

  /// Open streams would delay the server's shutdown until its timeout, so they end before it
  /// begins.
  @Bean
  ApplicationListener<ContextClosedEvent> endStreams(TranscriptHub hub) {
    return _ -> hub.close();
  }
}
