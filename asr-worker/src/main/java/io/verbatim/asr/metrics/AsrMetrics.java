package io.verbatim.asr.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.ProtocolViolation;
import io.verbatim.pubsub.message.GapReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The worker's meters. Thread-safe.
public final class AsrMetrics {
  /// The causes other than the reasons of [CloseCause.Lost].
  private static final List<String> CLOSE_CAUSES =
      List.of(
          "finished", "denied_401", "denied_402", "denied_403", "bad_request", "not_audio", "busy");

  private static final List<String> SIGNALS =
      List.of("metadata", "speech_started", "utterance_end", "problem", "unknown", "malformed");
  private static final List<String> WATCHDOG_ACTIONS = List.of("settle", "probe", "reconnect");
  private static final List<String> GAP_REASONS =
      List.of(
          GapReason.RETENTION,
          GapReason.LOG_LOST,
          GapReason.RECOGNIZER_UNAVAILABLE,
          GapReason.POISON_CALL);

  private final MeterRegistry registry;
  private final AtomicInteger owned = new AtomicInteger();
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicInteger breakerOpen = new AtomicInteger();
  private final Counter sessionsOpened;
  private final Counter takeovers;
  private final Counter finals;
  private final Counter interims;
  private final Counter sent;
  private final Counter transcribed;
  private final Counter unconfirmed;
  private final Counter rewritten;
  private final Counter leasesLost;
  private final Timer takeover;
  private final Timer frameLatency;
  private final Timer finalLatency;

  public AsrMetrics(MeterRegistry registry) {
    this.registry = registry;
    gauge("verbatim.asr.calls.owned", "Calls this worker owns", owned);
    gauge("verbatim.asr.sessions.open", "Recogniser sessions open or being opened", sessions);
    gauge("verbatim.asr.breaker.open", "1 while the recogniser refuses this process", breakerOpen);
    sessionsOpened = counter("verbatim.asr.sessions.opened", "Recogniser sessions opened");
    takeovers = counter("verbatim.asr.takeovers", "Calls claimed that another worker owned before");
    finals = counter("verbatim.asr.finals", "Finals written");
    interims = counter("verbatim.asr.interims", "Interims written");
    sent = audio("verbatim.asr.audio.sent", "Audio sent to the recogniser, replays included");
    transcribed =
        audio("verbatim.asr.audio.transcribed", "Audio covered by finals or found to be silence");
    unconfirmed = audio("verbatim.asr.audio.unconfirmed", "Audio whose words never became final");
    rewritten =
        counter(
            "verbatim.asr.rewritten", "Finals and silences written again to a log that lost them");
    leasesLost =
        counter("verbatim.asr.leases.lost", "Calls that this worker lost without releasing them");
    takeover =
        Timer.builder("verbatim.asr.takeover")
            .description(
                "Time from the claim of a call that another worker owned to its first audio sent to"
                    + " the recogniser")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(10))
            .maximumExpectedValue(Duration.ofSeconds(60))
            .register(registry);
    frameLatency =
        Timer.builder("verbatim.asr.frame.latency")
            .description(
                "Time from a frame's arrival at ingest to its write on the recogniser's socket")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofSeconds(30))
            .register(registry);
    finalLatency =
        Timer.builder("verbatim.asr.final.latency")
            .description("Time from the arrival of a final's last audio at ingest to the final")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(10))
            .maximumExpectedValue(Duration.ofSeconds(60))
            .register(registry);
    registerLabelled();
  }

  /// Registers every labelled counter at start: a rate misses the first increase of a counter that
  /// did not exist before.
  private void registerLabelled() {
    labelled("verbatim.asr.sessions.closed", "Recogniser sessions closed", "cause", closeCauses());
    labelled(
        "verbatim.asr.protocol.violations",
        "Finals that were late, repeated, early or overlapping",
        "kind",
        Arrays.stream(ProtocolViolation.values()).map(ProtocolViolation::wireName).toList());
    labelled("verbatim.asr.signals", "Recogniser messages without words", "kind", SIGNALS);
    labelled(
        "verbatim.asr.watchdog",
        "Actions of the watchdog: finals requested or sessions dropped",
        "action",
        WATCHDOG_ACTIONS);
    labelled("verbatim.asr.gaps", "Gaps written to transcripts", "reason", GAP_REASONS);
    for (String reason : GAP_REASONS) {
      Counter.builder("verbatim.asr.gap")
          .description("Audio that will not be transcribed")
          .baseUnit("seconds")
          .tag("reason", reason)
          .register(registry);
    }
  }

  private static List<String> closeCauses() {
    return Stream.concat(
            CLOSE_CAUSES.stream(),
            Arrays.stream(CloseCause.Lost.Reason.values())
                .map(reason -> new CloseCause.Lost(reason, 0, "").label()))
        .toList();
  }

  private void labelled(String name, String description, String label, List<String> values) {
    for (String value : values) {
      Counter.builder(name).description(description).tag(label, value).register(registry);
    }
  }

  public void callClaimed(boolean isTakeover) {
    owned.incrementAndGet();
    if (isTakeover) {
      takeovers.increment();
    }
  }

  /// Registers the limits of owned calls and of open sessions, as gauges.
  public void gaugeLimits(int calls, int sessions) {
    limit(
        "verbatim.asr.calls.limit",
        "Calls that this worker may own (MAX_CALLS, at most DEEPGRAM_MAX_STREAMS)",
        calls);
    limit(
        "verbatim.asr.sessions.limit",
        "Recogniser sessions that may be open (DEEPGRAM_MAX_STREAMS)",
        sessions);
  }

  private void limit(String name, String description, int value) {
    Gauge.builder(name, () -> value).description(description).register(registry);
  }

  /// Another worker claimed a call of this worker, or its lease expired.
  public void leaseLost() {
    leasesLost.increment();
  }

  /// The first audio of a call that another worker owned was sent.
  ///
  /// @param latency since the claim, or since the arrival of that audio if it arrived later
  public void takenOver(Duration latency) {
    takeover.record(latency);
  }

  public void callReleased() {
    owned.decrementAndGet();
  }

  public void sessionAdmitted() {
    sessions.incrementAndGet();
  }

  public void sessionReleased() {
    sessions.decrementAndGet();
  }

  public void sessionOpened() {
    sessionsOpened.increment();
  }

  /// Audio was sent to a recogniser session.
  public void audioSent(double seconds) {
    sent.increment(seconds);
  }

  /// Finals cover this much more of a call.
  public void transcribed(Duration length) {
    transcribed.increment(length.toMillis() / 1e3);
  }

  /// Unconfirmed words cover this much more of a call.
  public void unconfirmed(Duration length) {
    unconfirmed.increment(length.toMillis() / 1e3);
  }

  /// A session ended or was refused.
  ///
  /// @param cause one of a fixed set of labels
  public void sessionClosed(String cause) {
    registry.counter("verbatim.asr.sessions.closed", "cause", cause).increment();
  }

  public void finalWritten(Duration latency) {
    finals.increment();
    finalLatency.record(latency);
  }

  public void interimWritten() {
    interims.increment();
  }

  public void gapWritten(String reason, Duration length) {
    registry.counter("verbatim.asr.gaps", "reason", reason).increment();
    registry.counter("verbatim.asr.gap", "reason", reason).increment(length.toMillis() / 1e3);
  }

  /// Writes that the log had lost were repeated.
  public void rewritten(int writes) {
    rewritten.increment(writes);
  }

  public void frameSent(Duration latency) {
    frameLatency.record(latency);
  }

  public void violation(ProtocolViolation violation) {
    registry.counter("verbatim.asr.protocol.violations", "kind", violation.wireName()).increment();
  }

  /// The recogniser sent a message without words.
  ///
  /// @param kind one of a fixed set of labels
  public void signal(String kind) {
    registry.counter("verbatim.asr.signals", "kind", kind).increment();
  }

  /// The watchdog acted.
  ///
  /// @param action `settle`, `probe` or `reconnect`
  public void watchdog(String action) {
    registry.counter("verbatim.asr.watchdog", "action", action).increment();
  }

  public void breaker(boolean open) {
    breakerOpen.set(open ? 1 : 0);
  }

  private Counter audio(String name, String description) {
    return Counter.builder(name).description(description).baseUnit("seconds").register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private void gauge(String name, String description, AtomicInteger value) {
    Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
  }
}
