package io.verbatim.asr;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.verbatim.asr.assignment.CallAssignments;
import io.verbatim.asr.call.CallContext;
import io.verbatim.asr.call.CallSettings;
import io.verbatim.asr.deepgram.DeepgramRecognizer;
import io.verbatim.asr.deepgram.DeepgramSettings;
import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.recognizer.SpeechRecognizer;
import io.verbatim.asr.session.CircuitBreaker;
import io.verbatim.asr.session.SessionContext;
import io.verbatim.asr.session.SessionLimiter;
import io.verbatim.asr.session.SessionTiming;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
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
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/// Wires the parts of the worker.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(AsrWorkerProperties.class)
class AsrWorkerConfiguration {
  private static final Logger logger = LoggerFactory.getLogger(AsrWorkerApplication.class);
  private static final String SERVICE = "asr-worker";
  private static final Duration WARMUP_TIMEOUT = Duration.ofSeconds(5);

  /// Closed last, because the other beans use it.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  EventLoop eventLoop(AsrWorkerProperties properties) {
    return EventLoop.start(SERVICE, Transport.of(properties.transport()));
  }

  @Bean(destroyMethod = "close")
  LoopLag loopLag(EventLoop loop, MeterRegistry registry) {
    return new LoopLag(loop, registry, "asr");
  }

  @Bean
  ReactorResourceFactory networkThreads(EventLoop loop) {
    return NetworkThreads.on(loop);
  }

  @Bean
  @ConditionalOnMissingBean
  InstantSource clock() {
    return InstantSource.system();
  }

  /// Only ingest applies the audio retention; the settings of the bus require a value.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Bus bus(EventLoop loop, AsrWorkerProperties properties, InstantSource clock) {
    if (properties.pubsubAdapter() == AsrWorkerProperties.Adapter.IN_MEMORY) {
      throw new StartFailure(
          "PUBSUB_ADAPTER must be redis_streams, but is \"in_memory\": that is allowed only if all"
              + " services run in one process, as in local-stack");
    }
    AsrWorkerProperties.Redis redis = properties.redis();
    return RedisBus.open(
        new RedisSettings(
            redis.url().value(),
            redis.keyPrefix(),
            SERVICE,
            Duration.ofSeconds(60),
            redis.transcriptRetention(),
            redis.lease(),
            properties.limits().deadLetterMax(),
            redis.clientsWarn(),
            redis.clientsCritical()),
        loop.netty());
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  SpeechRecognizer recognizer(EventLoop loop, AsrWorkerProperties properties) {
    AsrWorkerProperties.Deepgram deepgram = properties.deepgram();
    return new DeepgramRecognizer(
        loop,
        DeepgramSettings.of(
            deepgram.url(), deepgram.apiKey(), deepgram.model(), deepgram.options()));
  }

  @Bean
  AsrMetrics asrMetrics(
      MeterRegistry registry, AsrWorkerProperties properties, CallSettings settings, Bus bus) {
    AsrMetrics metrics = new AsrMetrics(registry);
    metrics.gaugeLimits(settings.permits(), settings.maxStreams());
    AsrWorkerProperties.Redis redis = properties.redis();
    BusMetrics.register(registry, "asr", bus, redis.clientsWarn(), redis.clientsCritical());
    ProcessMetrics.register(registry, "asr");
    return metrics;
  }

  @Bean
  CallSettings callSettings(AsrWorkerProperties properties) {
    return new CallSettings(
        properties.limits().maxCalls(),
        properties.limits().maxStreams(),
        properties.deepgram().language(),
        properties.deepgram().languages(),
        properties.replaySpeed(),
        CallSettings.Timing.DEFAULT);
  }

  @Bean
  CircuitBreaker circuitBreaker(EventLoop loop, AsrMetrics metrics) {
    return new CircuitBreaker(loop, metrics, SessionTiming.DEFAULT.deniedProbe());
  }

  @Bean
  CallAssignments callAssignments(
      EventLoop loop,
      InstantSource clock,
      Bus bus,
      SpeechRecognizer recognizer,
      CircuitBreaker breaker,
      CallSettings settings,
      AsrMetrics metrics) {
    SessionTiming timing = SessionTiming.DEFAULT;
    RandomGenerator random = RandomGenerator.getDefault();
    SessionLimiter limiter =
        new SessionLimiter(loop, breaker, metrics, timing, random, settings.maxStreams());
    SessionContext sessions =
        new SessionContext(loop, recognizer, limiter, timing, metrics, random);
    return new CallAssignments(
        new CallContext(loop, clock, bus, sessions, breaker, settings, metrics));
  }

  /// Requests are served on the event loop, to which the breaker is confined.
  @Bean
  RouterFunction<ServerResponse> routes(Bus bus, CircuitBreaker breaker) {
    return RouterFunctions.route()
        .GET("/health", new HealthHandler(SERVICE, bus, () -> problems(breaker)))
        .build();
  }

  private static List<String> problems(CircuitBreaker breaker) {
    return breaker.denied().map(reason -> "recogniser: refuses this service: " + reason).stream()
        .toList();
  }

  @Bean
  BusHealthIndicator busHealthIndicator(Bus bus) {
    return new BusHealthIndicator(bus);
  }

  @Bean(destroyMethod = "close")
  MetricsServer metricsServer(
      AsrWorkerProperties properties,
      ServerProperties server,
      PrometheusMeterRegistry registry,
      EventLoop loop) {
    return MetricsServer.on(
        server.getAddress(), properties.managementPort(), registry::scrape, loop);
  }

  @Bean
  ApplicationListener<WebServerInitializedEvent> listening() {
    return event ->
        logger.info("server.listening url=http://localhost:{}", event.getWebServer().getPort());
  }

  /// Runs on the thread that starts the service.
  @Bean
  ApplicationListener<ApplicationReadyEvent> openAssignments(
      CallAssignments assignments, EventLoop loop) {
    return _ -> {
      if (Warmup.run(loop, WARMUP_TIMEOUT) == 0) {
        logger.warn("warmup.unfinished effect=\"the first sessions open more slowly\"");
      }
      assignments.open();
    };
  }

  /// Hands the calls over before any other bean closes. Blocks only the thread that stops the
  /// service.
  @Bean
  ApplicationListener<ContextClosedEvent> handOver(
      CallAssignments assignments, AsrWorkerProperties properties) {
    return _ -> assignments.handOver(properties.drainTimeout()).toCompletableFuture().join();
  }
}
