package io.verbatim.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.verbatim.batch.job.BatchTranscriptions;
import io.verbatim.batch.translation.LiveTranslator;
import io.verbatim.batch.translation.Translations;
import io.verbatim.batch.translator.Language;
import io.verbatim.gateway.audit.AuditFilter;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.IdentityHandler;
import io.verbatim.gateway.auth.SessionHandler;
import io.verbatim.gateway.calls.CallIdentity;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.calls.CallsHandler;
import io.verbatim.gateway.deadletter.DeadLetterHandler;
import io.verbatim.gateway.hub.CaptionTranslator;
import io.verbatim.gateway.hub.HubLimits;
import io.verbatim.gateway.hub.TranscriptHub;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.page.AlertWordsHandler;
import io.verbatim.gateway.page.PageHandler;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.gateway.recordings.AnswerHandler;
import io.verbatim.gateway.recordings.JobsHandler;
import io.verbatim.gateway.recordings.ServicesHandler;
import io.verbatim.gateway.recordings.TranscriptionsHandler;
import io.verbatim.gateway.transcript.LiveHandler;
import io.verbatim.gateway.transcript.StreamHandler;
import io.verbatim.gateway.transcript.TranscriptHandler;
import io.verbatim.gateway.web.CorsFilter;
import io.verbatim.gateway.web.Origins;
import io.verbatim.gateway.web.SecurityHeadersFilter;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.record.CallRecords;
import io.verbatim.record.audit.AuditAction;
import io.verbatim.security.client.AddressRange;
import io.verbatim.security.client.RateLimiter;
import io.verbatim.security.client.TrustedProxies;
import io.verbatim.security.http.ClientFilter;
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
import io.verbatim.service.StartFailure;
import io.verbatim.service.Transport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
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
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Builds the gateway from its parts.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(GatewayProperties.class)
@Import({RecordConfiguration.class, TranslationConfiguration.class})
class GatewayConfiguration {

  private static final Logger logger = LoggerFactory.getLogger(GatewayApplication.class);
  private static final String SERVICE = "transcript-gateway";
  private static final int BURST_SECONDS = 10;
  private static final Duration JOB_SWEEP_INTERVAL = Duration.ofMinutes(1);
  private static final int MAX_RECORDING_TASKS = 10_000;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /// Closed last, because all other beans need it to close.
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

  /// Uses fixed values for the settings that only writers and owners of calls need.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Bus bus(GatewayProperties properties, EventLoop eventLoop, InstantSource clock) {
    if (properties.pubsubAdapter() == GatewayProperties.Adapter.IN_MEMORY) {
      throw new StartFailure(
          "PUBSUB_ADAPTER may be in_memory only if all services run in one process, as in"
              + " local-stack. Use redis_streams");
    }
    return RedisBus.open(
        new RedisSettings(
            properties.redisUrl().value(),
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
  GatewayMetrics gatewayMetrics(MeterRegistry registry, GatewayProperties properties, Bus bus) {
    GatewayMetrics metrics = new GatewayMetrics(registry);
    metrics.gaugeLimits(
        properties.limits().maxSseClients(), properties.limits().feedMemory().toBytes());
    GatewayProperties.RedisClients clients = properties.redisClients();
    BusMetrics.register(registry, "gateway", bus, clients.warn(), clients.critical());
    ProcessMetrics.register(registry, "gateway");
    return metrics;
  }

  @Bean
  CallLookup callLookup(Bus bus, TranscriptReads reads, CallRecords records) {
    return new CallLookup(
        bus.calls(), reads, records.parts().map(CallRecords.Parts::archive).orElse(null));
  }

  @Bean(destroyMethod = "close")
  CallRecords callRecords(
      GatewayProperties properties,
      Bus bus,
      EventLoop eventLoop,
      InstantSource clock,
      MeterRegistry registry) {
    return properties
        .record()
        .settings()
        .map(settings -> CallRecords.open(settings, bus, eventLoop, clock, registry))
        .orElseGet(CallRecords::none);
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
      CallRecords records,
      Translations translations,
      GatewayProperties properties,
      GatewayMetrics metrics,
      InstantSource clock) {
    GatewayProperties.Limits limits = properties.limits();
    TranscriptHub hub =
        new TranscriptHub(
            eventLoop,
            bus,
            reads,
            lookup::lookup,
            records::ended,
            translations.live().map(live -> captions(live, records)).orElse(null),
            new HubLimits(
                limits.maxSseClients(),
                limits.maxSseClientsPerTenant(),
                limits.sseBuffer().toBytes(),
                limits.sseSweepInterval(),
                limits.sseStaleAfter(),
                limits.callRetain(),
                HEARTBEAT,
                limits.feedMemory().toBytes(),
                CallLookup.MAX_LISTED),
            metrics,
            clock);
    records
        .parts()
        .ifPresent(parts -> {
          parts.keys().onRevoked(hub::keysRevoked);
          parts
              .erasures()
              .onErased(erasure ->
                  hub.erased(
                      new CallIdentity(erasure.call(), erasure.tenant(), erasure.startedAt())));
        });
    return hub;
  }

  private static CaptionTranslator captions(LiveTranslator translator, CallRecords records) {
    return (tenant, words, source, target) ->
        translator
            .translate(words, Optional.ofNullable(source).flatMap(Language::ofTag), target)
            .thenApply(translation -> {
              records.translated(tenant);
              return translation;
            });
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
      CallRecords records,
      Origins origins,
      GatewayMetrics metrics,
      InstantSource clock,
      EventLoop eventLoop) {
    return new AccessHandler(
        new TokenVerifier(properties.jwt(), keys, clock),
        records.parts().map(CallRecords.Parts::keys).orElse(null),
        origins,
        new RateLimiter(
            properties.limits().authFailuresPerSecond(), BURST_SECONDS, System::nanoTime),
        metrics,
        eventLoop);
  }

  @Bean
  AuditFilter audit(CallRecords records, InstantSource clock) {
    return new AuditFilter(records.parts().map(CallRecords.Parts::audit).orElse(null), clock);
  }

  /// Inactive without a provider's key. Expired jobs are deleted once a minute.
  @Bean(destroyMethod = "close")
  BatchTranscriptions batchTranscriptions(
      GatewayProperties properties,
      GatewayMetrics metrics,
      CallRecords records,
      EventLoop eventLoop) {
    BatchTranscriptions batch =
        BatchTranscriptions.open(
            properties.recordings().toSettings(),
            (tenant, provider) ->
                records
                    .parts()
                    .ifPresent(
                        parts -> parts.usageCounter().recording(tenant, provider.wireName())));
    metrics.observeRecordings(batch::used);
    eventLoop.every(
        JOB_SWEEP_INTERVAL, () -> eventLoop.offload(Executors.callable(batch::deleteExpired)));
    return batch;
  }

  /// The threads that receive recordings. A recording waits for a thread only while it is stored or
  /// its folder is deleted.
  @Bean(destroyMethod = "dispose")
  Scheduler recordingThreads(GatewayProperties properties) {
    return Schedulers.newBoundedElastic(
        properties.recordings().max() + 1, MAX_RECORDING_TASKS, "recording");
  }

  @Bean
  @Order(0)
  RouterFunction<ServerResponse> recordingRoutes(
      AccessHandler access,
      BatchTranscriptions batch,
      Scheduler recordingThreads,
      GatewayProperties properties,
      GatewayMetrics metrics,
      InstantSource clock) {
    AnswerHandler answers = new AnswerHandler(clock);
    TranscriptionsHandler transcriptions =
        new TranscriptionsHandler(
            batch, recordingThreads, properties.limits().requestTimeout(), metrics, answers);
    JobsHandler jobs = new JobsHandler(batch, recordingThreads, answers);
    return RouterFunctions.route()
        .GET("/transcriptions", new ServicesHandler(batch))
        .GET("/transcriptions/jobs/{id}", jobs::get)
        .DELETE("/transcriptions/jobs/{id}", jobs::delete)
        .POST("/transcriptions/{service}", transcriptions::transcribe)
        .filter(access.requireTranscribe())
        .onError(Throwable.class, ProblemHandler::failed)
        .build();
  }

  /// Whether the handler of a request reads and limits its body.
  private static boolean isUpload(ServerHttpRequest request) {
    String path = request.getPath().value();
    return path.startsWith("/transcriptions/") || path.startsWith("/translations/");
  }

  @Bean
  @Order(0)
  RouterFunction<ServerResponse> routes(
      EventLoop eventLoop,
      Bus bus,
      TranscriptReads reads,
      CallLookup lookup,
      TranscriptHub hub,
      CallRecords records,
      Translations translations,
      AccessHandler access,
      AuditFilter audit,
      GatewayProperties properties,
      GatewayMetrics metrics,
      InstantSource clock) {
    CallsHandler calls = new CallsHandler(lookup, eventLoop);
    LiveHandler live =
        new LiveHandler(hub, lookup, bus, reads, translations.liveProblem(), eventLoop);
    TranscriptHandler transcripts = new TranscriptHandler(live, lookup, eventLoop, metrics);
    RouterFunction<ServerResponse> reading =
        RouterFunctions.route()
            .GET("/v1/calls", audit.record(AuditAction.READ, AuditFilter.CALLS, calls::list))
            .GET("/v1/live", audit.record(AuditAction.READ, AuditFilter::page, live::page))
            .GET("/v1/alert-words", new AlertWordsHandler(properties.alertWords()))
            .GET(
                "/v1/calls/{callId}", audit.record(AuditAction.READ, AuditFilter::call, calls::one))
            .GET(
                "/v1/calls/{callId}/transcript",
                audit.record(AuditAction.READ, AuditFilter::call, transcripts::transcript))
            .filter(access.requireRead())
            .onError(Throwable.class, ProblemHandler::failed)
            .build();
    DeadLetterHandler deadLetters = new DeadLetterHandler(bus.deadLetters());
    RouterFunction<ServerResponse> operating =
        RouterFunctions.route()
            .GET(
                "/v1/dead-letters",
                audit.record(AuditAction.READ, AuditFilter.DEAD_LETTERS, deadLetters::list))
            .DELETE(
                "/v1/dead-letters",
                audit.record(
                    AuditAction.DELETE_DEAD_LETTERS,
                    AuditFilter.DEAD_LETTERS,
                    deadLetters::deleteAll))
            .GET(
                "/v1/dead-letters/{id}",
                audit.record(AuditAction.READ, AuditFilter::deadLetter, deadLetters::one))
            .DELETE(
                "/v1/dead-letters/{id}",
                audit.record(
                    AuditAction.DELETE_DEAD_LETTERS, AuditFilter::deadLetter, deadLetters::delete))
            .filter(access.requireOps())
            .onError(Throwable.class, ProblemHandler::failed)
            .build();
    SessionHandler sessions = new SessionHandler(access, clock);
    RouterFunction<ServerResponse> identity =
        RouterFunctions.route()
            .GET("/api/me", new IdentityHandler())
            .filter(access.requireAny())
            .onError(Throwable.class, ProblemHandler::failed)
            .build();
    PageHandler page = new PageHandler();
    return RouterFunctions.route()
        .add(reading)
        .add(operating)
        .add(identity)
        .POST("/v1/session", sessions::open)
        .DELETE("/v1/session", sessions::close)
        .GET("/health", new HealthHandler(SERVICE, bus, records::problems))
        .GET("/api/health", new HealthHandler("frontend", bus))
        .GET("/", page::page)
        .GET("/wall", page::page)
        .GET("/search", page::search)
        .GET("/usage", page::usage)
        .GET("/recordings", page::recordings)
        .GET("/dead-letters", page::deadLetters)
        .GET("/calls/{callId}", page::page)
        .GET("/{file}", page::file)
        .onError(Throwable.class, ProblemHandler::failed)
        .build();
  }

  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  RouterFunction<ServerResponse> notFound() {
    return RouterFunctions.route(RequestPredicates.all(), ProblemHandler::notFound);
  }

  @Bean
  @Order(1)
  ClientFilter client(GatewayProperties properties) {
    return new ClientFilter(
        new TrustedProxies(
            properties.trustedProxies().stream().map(AddressRange::parse).toList(),
            Optional.of(properties.clientIpHeader()).filter(name -> !name.isEmpty())));
  }

  @Bean
  @Order(2)
  SecurityHeadersFilter securityHeaders() {
    return new SecurityHeadersFilter();
  }

  @Bean
  @Order(3)
  CorsFilter cors(Origins origins) {
    return new CorsFilter(origins);
  }

  @Bean
  @Order(4)
  RequestLimitsFilter requestLimits(
      GatewayProperties properties, GatewayMetrics metrics, EventLoop eventLoop) {
    GatewayProperties.Limits limits = properties.limits();
    long maxBytes = limits.maxRequestBody().toBytes();
    return new RequestLimitsFilter(
        new RateLimiter(limits.requestsPerSecond(), BURST_SECONDS, System::nanoTime),
        request -> request.getPath().value().equals("/api/health"),
        GatewayConfiguration::isUpload,
        "Too many requests from your address. Try again later.",
        new BodyLimits(
            maxBytes,
            "The request body is too large. Use at most %d bytes.".formatted(maxBytes),
            limits.requestTimeout(),
            "The request body did not arrive within REQUEST_TIMEOUT.",
            Schedulers.fromExecutorService(eventLoop.netty())),
        (exchange, problem) -> {
          metrics.refused(problem.status(), problem.code());
          return ProblemHandler.write(problem, exchange.getResponse());
        });
  }

  @Bean
  BusHealthIndicator busHealthIndicator(Bus bus) {
    return new BusHealthIndicator(bus);
  }

  /// Bounds the time for the headers of a request, and between two requests of a connection.
  /// Reactor Netty's `requestTimeout` would end long uploads; `RequestLimitsFilter` limits the time
  /// of other bodies.
  @Bean
  NettyServerCustomizer idleTimeout(GatewayProperties properties) {
    Duration timeout = properties.limits().requestTimeout();
    return server -> server.idleTimeout(timeout);
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
        logger.info(
            "server.listening url={}://localhost:{}", scheme, event.getWebServer().getPort());
  }

  /// Ends the streams and the work on recordings and texts before the server's shutdown begins,
  /// because open requests would delay it until its timeout.
  @Bean
  ApplicationListener<ContextClosedEvent> endStreams(
      TranscriptHub hub, BatchTranscriptions batch, Translations translations) {
    return _ -> {
      hub.close();
      batch.close();
      translations.close();
    };
  }
}
