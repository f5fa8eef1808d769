package io.verbatim.asr;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.verbatim.asr.call.CallDesk;
import io.verbatim.asr.call.CallLoop;
import io.verbatim.asr.call.CallSettings;
import io.verbatim.asr.call.CallTools;
import io.verbatim.asr.call.RecognizerGate;
import io.verbatim.asr.call.Rehearsal;
import io.verbatim.asr.deepgram.ApiKey;
import io.verbatim.asr.deepgram.DeepgramRecognizer;
import io.verbatim.asr.deepgram.DeepgramSettings;
import io.verbatim.asr.deepgram.RehearsalServer;
import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.recognizer.SpeechRecognizer;
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

/// Puts the worker together: the only place that knows all of its parts.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(AsrWorkerProperties.class)
class AsrWorkerConfiguration {
  private static final Logger log = LoggerFactory.getLogger(AsrWorkerApplication.class);
  private static final String SERVICE = "asr-worker";
  private static final Duration REHEARSAL_PATIENCE = Duration.ofSeconds(5);

  /// Closed last: everything else needs it to close.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  EventLoop eventLoop() {
    return EventLoop.start("asr-worker", Transport.of(Transport.Choice.AUTO));
  }

  @Bean(destroyMethod = "close")
  LoopLag loopLag(EventLoop eventLoop, MeterRegistry registry) {
    return new LoopLag(eventLoop, registry, "asr");
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

  /// How long audio is kept is the writer's to say; here it is only asked for.
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Bus bus(AsrWorkerProperties properties, EventLoop eventLoop, InstantSource clock) {
    if (properties.pubsubAdapter() == AsrWorkerProperties.Adapter.IN_MEMORY) {
      throw new StartFailure(
          "PUBSUB_ADAPTER may be in_memory only where all services run in one process, as"
              + " local-stack does");
    }
    AsrWorkerProperties.Redis redis = properties.redis();
    return RedisBus.open(
        new RedisSettings(
            redis.url(),
            SERVICE,
            Duration.ofSeconds(60),
            redis.transcriptRetention(),
            redis.lease(),
            properties.limits().deadLetterMax(),
            redis.clientsWarn(),
            redis.clientsCritical()),
        eventLoop.netty(),
        clock);
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  SpeechRecognizer recognizer(AsrWorkerProperties properties) {
    AsrWorkerProperties.Deepgram deepgram = properties.deepgram();
    return new DeepgramRecognizer(
        DeepgramSettings.of(
            deepgram.url(), new ApiKey(deepgram.apiKey()), deepgram.model(), deepgram.options()));
  }

  @Bean
  AsrMetrics asrMetrics(MeterRegistry registry) {
    return new AsrMetrics(registry);
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

  @Bean(destroyMethod = "close")
  CallLoop callLoop(InstantSource clock) {
    return new CallLoop(clock);
  }

  @Bean
  RecognizerGate recognizerGate(CallLoop loop, AsrMetrics metrics, CallSettings settings) {
    return new RecognizerGate(
        loop, metrics, settings.maxStreams(), settings.timing().deniedProbe());
  }

  @Bean
  CallDesk callDesk(
      CallLoop loop,
      Bus bus,
      SpeechRecognizer recognizer,
      RecognizerGate gate,
      CallSettings settings,
      AsrMetrics metrics) {
    return new CallDesk(
        new CallTools(
            loop, bus, recognizer, gate, settings, metrics, RandomGenerator.getDefault()));
  }

  @Bean
  RouterFunction<ServerResponse> routes(Bus bus, RecognizerGate gate) {
    return RouterFunctions.route()
        .GET("/health", new HealthHandler(SERVICE, bus, () -> problems(gate)))
        .build();
  }

  private static List<String> problems(RecognizerGate gate) {
    return gate.denied().map(reason -> "recogniser: refuses this service: " + reason).stream()
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
      EventLoop eventLoop) {
    return MetricsServer.on(
        server.getAddress(), properties.managementPort(), registry::scrape, eventLoop);
  }

  @Bean
  ApplicationListener<WebServerInitializedEvent> listening() {
    return event ->
        log.info("server.listening url=http://localhost:{}", event.getWebServer().getPort());
  }

  @Bean
  ApplicationListener<ApplicationReadyEvent> openDesk(CallDesk desk) {
    return _ -> {
      rehearse();
      desk.open();
    };
  }

  /// On the thread that starts the service.
  private static void rehearse() {
    try (RehearsalServer server = new RehearsalServer();
        SpeechRecognizer recognizer =
            new DeepgramRecognizer(
                DeepgramSettings.of(server.url(), new ApiKey("none"), "rehearsal", ""))) {
      if (Rehearsal.hold(recognizer, REHEARSAL_PATIENCE) == 0) {
        log.warn("rehearsal.unfinished: the first calls are taken more slowly");
      }
    }
  }

  /// The calls leave first, while everything they need is still there. Blocks the thread that stops
  /// the service, and no other.
  @Bean
  ApplicationListener<ContextClosedEvent> handOver(CallDesk desk, AsrWorkerProperties properties) {
    return _ -> desk.handOver(properties.drainTimeout()).toCompletableFuture().join();
  }
}
