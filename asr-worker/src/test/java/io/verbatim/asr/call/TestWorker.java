package io.verbatim.asr.call;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.asr.deepgram.ApiKey;
import io.verbatim.asr.deepgram.DeepgramRecognizer;
import io.verbatim.asr.deepgram.DeepgramSettings;
import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.standin.DeepgramStandIn;
import io.verbatim.pubsub.Bus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A worker as the service puts it together, in more of a hurry.
final class TestWorker implements AutoCloseable {
  /// Longer than any test waits: callers here pause to see what has come of their words so far.
  private static final Duration NEVER_QUIET = Duration.ofMinutes(1);

  private static final double REPLAY_SPEED = 50;

  private static CallSettings.Timing hurry(Duration quietAfter, Duration writerSilence) {
    return new CallSettings.Timing(
        Duration.ofMillis(150),
        Duration.ofMillis(300),
        quietAfter,
        Duration.ofMillis(300),
        Duration.ofMillis(600),
        Duration.ofMillis(200),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofMillis(100),
        writerSilence);
  }

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CallLoop loop = new CallLoop(InstantSource.system());
  private final DeepgramRecognizer recognizer;
  private final CallDesk desk;

  TestWorker(Bus bus, DeepgramStandIn standIn, int maxCalls, int maxStreams) {
    this(bus, standIn, maxCalls, maxStreams, Duration.ofSeconds(30));
  }

  /// @param writerSilence after which a call's ingest counts as dead
  TestWorker(
      Bus bus, DeepgramStandIn standIn, int maxCalls, int maxStreams, Duration writerSilence) {
    this(bus, standIn, maxCalls, maxStreams, REPLAY_SPEED, hurry(NEVER_QUIET, writerSilence));
  }

  /// @param quietAfter after which audio counts as having stopped
  static TestWorker settlingAfter(Duration quietAfter, Bus bus, DeepgramStandIn standIn) {
    return new TestWorker(
        bus, standIn, 1, 1, REPLAY_SPEED, hurry(quietAfter, Duration.ofSeconds(30)));
  }

  /// @param replaySpeed how fast audio is caught up on, in times real time
  static TestWorker replayingAt(double replaySpeed, Bus bus, DeepgramStandIn standIn) {
    return new TestWorker(
        bus, standIn, 1, 1, replaySpeed, hurry(NEVER_QUIET, Duration.ofSeconds(30)));
  }

  private TestWorker(
      Bus bus,
      DeepgramStandIn standIn,
      int maxCalls,
      int maxStreams,
      double replaySpeed,
      CallSettings.Timing hurry) {
    recognizer =
        new DeepgramRecognizer(
            new DeepgramSettings(
                standIn.url(),
                new ApiKey("key"),
                "nova-3",
                "",
                Duration.ofSeconds(2),
                Duration.ofSeconds(4),
                Duration.ofMillis(500)));
    CallSettings settings =
        new CallSettings(
            maxCalls, maxStreams, "en", Set.of("en", "hi", "multi"), replaySpeed, hurry);
    AsrMetrics metrics = new AsrMetrics(meters);
    RecognizerGate gate = new RecognizerGate(loop, metrics, maxStreams, hurry.deniedProbe());
    desk =
        new CallDesk(
            new CallTools(
                loop, bus, recognizer, gate, settings, metrics, RandomGenerator.getDefault()));
    desk.open();
  }

  void handsOver() {
    NumberedCaller.now(desk.handOver(Duration.ofSeconds(3)));
  }

  /// As if the process were killed: nothing is said to anybody.
  void dies() {
    loop.close();
    recognizer.close();
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
    if (!loop.isClosed()) {
      handsOver();
    }
    recognizer.close();
    loop.close();
  }
}
