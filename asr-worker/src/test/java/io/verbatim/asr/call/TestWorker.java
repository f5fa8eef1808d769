package io.verbatim.asr.call;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.asr.assignment.CallAssignments;
import io.verbatim.asr.deepgram.DeepgramRecognizer;
import io.verbatim.asr.deepgram.DeepgramSettings;
import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.session.CircuitBreaker;
import io.verbatim.asr.session.SessionContext;
import io.verbatim.asr.session.SessionLimiter;
import io.verbatim.asr.session.SessionTiming;
import io.verbatim.pubsub.Bus;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Secret;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// A worker wired as in the service, on its bus's event loop, with shorter timeouts.
final class TestWorker implements AutoCloseable {
  /// Longer than any test waits, because callers pause until their audio is transcribed.
  private static final Duration NEVER_QUIET = Duration.ofMinutes(1);

  private static final Duration WRITER_TIMEOUT = Duration.ofSeconds(30);
  private static final double REPLAY_SPEED = 50;

  /// The least delay before a session is opened again.
  static final Duration RECONNECT_MIN = Duration.ofMillis(150);

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EventLoop loop;
  private final DeepgramRecognizer recognizer;
  private final CallAssignments assignments;
  private boolean killed;

  TestWorker(Bus bus, DeepgramStandIn standIn, int maxCalls, int maxStreams) {
    this(bus, standIn, maxCalls, maxStreams, WRITER_TIMEOUT);
  }

  /// @param writerTimeout after which a call's ingest counts as dead
  TestWorker(
      Bus bus, DeepgramStandIn standIn, int maxCalls, int maxStreams, Duration writerTimeout) {
    this(bus, standIn, maxCalls, maxStreams, REPLAY_SPEED, NEVER_QUIET, writerTimeout);
  }

  /// @param quietAfter after which audio counts as having stopped
  static TestWorker settlingAfter(Duration quietAfter, Bus bus, DeepgramStandIn standIn) {
    return new TestWorker(bus, standIn, 1, 1, REPLAY_SPEED, quietAfter, WRITER_TIMEOUT);
  }

  /// @param replaySpeed how fast a backlog is sent, in times real time
  static TestWorker replayingAt(double replaySpeed, Bus bus, DeepgramStandIn standIn) {
    return new TestWorker(bus, standIn, 1, 1, replaySpeed, NEVER_QUIET, WRITER_TIMEOUT);
  }

  private TestWorker(
      Bus bus,
      DeepgramStandIn standIn,
      int maxCalls,
      int maxStreams,
      double replaySpeed,
      Duration quietAfter,
      Duration writerTimeout) {
    this(
        bus,
        loop -> new DeepgramRecognizer(loop, settings(standIn.url())),
        timing(Duration.ofSeconds(2), quietAfter),
        settings(maxCalls, maxStreams, replaySpeed, writerTimeout));
  }

  /// With another recogniser and other session timing.
  TestWorker(
      Bus bus,
      Function<EventLoop, DeepgramRecognizer> recognizers,
      SessionTiming sessionTiming,
      int maxCalls) {
    this(
        bus,
        recognizers,
        sessionTiming,
        settings(maxCalls, maxCalls, REPLAY_SPEED, WRITER_TIMEOUT));
  }

  private TestWorker(
      Bus bus,
      Function<EventLoop, DeepgramRecognizer> recognizers,
      SessionTiming sessionTiming,
      CallSettings settings) {
    loop = EventLoop.of(bus.loop());
    recognizer = recognizers.apply(loop);
    AsrMetrics metrics = new AsrMetrics(meters);
    CircuitBreaker breaker = new CircuitBreaker(loop, metrics, sessionTiming.deniedProbe());
    SessionContext sessions =
        new SessionContext(
            loop,
            recognizer,
            new SessionLimiter(
                loop,
                breaker,
                metrics,
                sessionTiming,
                RandomGenerator.getDefault(),
                settings.maxStreams()),
            sessionTiming,
            metrics,
            RandomGenerator.getDefault());
    assignments =
        new CallAssignments(
            new CallContext(
                loop, InstantSource.system(), bus, sessions, breaker, settings, metrics));
    assignments.open();
  }

  static DeepgramSettings settings(URI url) {
    return new DeepgramSettings(
        url, new Secret("key"), "nova-3", "", Duration.ofSeconds(4), Duration.ofMillis(500));
  }

  /// Waits for a third of a second at most before the next session.
  static SessionTiming timing(Duration handshakeLimit) {
    return timing(handshakeLimit, NEVER_QUIET);
  }

  private static SessionTiming timing(Duration handshakeLimit, Duration quietAfter) {
    return new SessionTiming(
        handshakeLimit,
        Duration.ofMillis(1),
        RECONNECT_MIN,
        Duration.ofMillis(300),
        quietAfter,
        Duration.ofMillis(300),
        Duration.ofMillis(600),
        Duration.ofMillis(200));
  }

  private static CallSettings settings(
      int maxCalls, int maxStreams, double replaySpeed, Duration writerTimeout) {
    return new CallSettings(
        maxCalls,
        maxStreams,
        "en",
        Set.of("en", "hi", "multi"),
        replaySpeed,
        new CallSettings.Timing(
            Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMillis(100), writerTimeout));
  }

  void handOver() {
    NumberedCaller.now(assignments.handOver(Duration.ofSeconds(3)));
  }

  /// Simulates a killed process: stops the loop, and with it the bus and all sockets.
  void kill() {
    killed = true;
    loop.netty().shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }

  double count(String name) {
    return meters.find(name).counters().stream().mapToDouble(counter -> counter.count()).sum();
  }

  double count(String name, String tag, String value) {
    return meters.find(name).tag(tag, value).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  /// @param counter as `name{tag=value}`
  double tagged(String counter) {
    int tag = counter.indexOf('{');
    int value = counter.indexOf('=');
    return count(
        counter.substring(0, tag),
        counter.substring(tag + 1, value),
        counter.substring(value + 1, counter.length() - 1));
  }

  double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  @Override
  public void close() {
    if (!killed) {
      handOver();
      recognizer.close();
    }
    loop.close();
  }
}
