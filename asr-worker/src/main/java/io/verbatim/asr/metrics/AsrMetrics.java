package io.verbatim.asr.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// The worker's meters. Safe from any thread.
public final class AsrMetrics {
  private final MeterRegistry registry;
  private final AtomicInteger owned = new AtomicInteger();
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicInteger denied = new AtomicInteger();
  private final Counter sessionsOpened;
  private final Counter takeovers;
  private final Counter finals;
  private final Counter interims;
  private final Counter sent;
  private final Counter transcribed;
  private final Counter unconfirmed;
  private final Timer frameLatency;
  private final Timer finalLatency;

  public AsrMetrics(MeterRegistry registry) {
    this.registry = registry;
    gauge("verbatim.asr.calls.owned", "calls this worker owns", owned);
    gauge("verbatim.asr.sessions.open", "recogniser sessions open or being opened", sessions);
    gauge("verbatim.asr.breaker.open", "1 while the recogniser refuses this process", denied);
    sessionsOpened = counter("verbatim.asr.sessions.opened", "recogniser sessions opened");
    takeovers = counter("verbatim.asr.takeovers", "calls taken that another worker had before");
    finals = counter("verbatim.asr.finals", "finals written");
    interims = counter("verbatim.asr.interims", "interims written");
    sent = audio("verbatim.asr.audio.sent", "audio sent to the recogniser, again where replayed");
    transcribed =
        audio("verbatim.asr.audio.transcribed", "audio covered by finals, words or silence");
    unconfirmed =
        audio("verbatim.asr.audio.unconfirmed", "audio whose words were guessed and never final");
    frameLatency =
        Timer.builder("verbatim.asr.frame.latency")
            .description("from a frame's arrival at ingest to its write on the recogniser's socket")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofSeconds(30))
            .register(registry);
    finalLatency =
        Timer.builder("verbatim.asr.final.latency")
            .description("from the arrival of a final's last audio at ingest to the final")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(10))
            .maximumExpectedValue(Duration.ofSeconds(60))
            .register(registry);
  }

  public void callTaken(boolean fromAnother) {
    owned.incrementAndGet();
    if (fromAnother) {
      takeovers.increment();
    }
  }

  public void callLeft() {
    owned.decrementAndGet();
  }

  public void sessionAdmitted() {
    sessions.incrementAndGet();
  }

  public void sessionOver() {
    sessions.decrementAndGet();
  }

  public void sessionOpened() {
    sessionsOpened.increment();
  }

  /// Audio has been handed to a recogniser session.
  public void audioSent(double seconds) {
    sent.increment(seconds);
  }

  /// So much more of a call is covered by finals.
  public void transcribed(Duration length) {
    transcribed.increment(length.toMillis() / 1e3);
  }

  /// So much more of a call is covered by words nobody confirmed.
  public void unconfirmed(Duration length) {
    unconfirmed.increment(length.toMillis() / 1e3);
  }

  /// A session is over, or was refused.
  ///
  /// @param cause one of a few fixed words
  public void sessionClosed(String cause) {
    tagged("verbatim.asr.sessions.closed", "recogniser sessions closed", "cause", cause)
        .increment();
  }

  public void finalWritten(Duration latency) {
    finals.increment();
    finalLatency.record(latency);
  }

  public void interimWritten() {
    interims.increment();
  }

  public void gapWritten(String reason, Duration length) {
    tagged("verbatim.asr.gaps", "stretches nobody will transcribe", "reason", reason).increment();
    Counter.builder("verbatim.asr.gap")
        .description("audio nobody will transcribe")
        .baseUnit("seconds")
        .tag("reason", reason)
        .register(registry)
        .increment(length.toMillis() / 1e3);
  }

  /// Words the log had lost were written to it again.
  public void rewritten(int writes) {
    counter("verbatim.asr.rewritten", "words and silences written again to a log that lost them")
        .increment(writes);
  }

  public void frameSent(Duration latency) {
    frameLatency.record(latency);
  }

  /// A final did not come as it should.
  ///
  /// @param kind one of a few fixed words
  public void oddity(String kind) {
    tagged("verbatim.asr.finals.odd", "finals late, double, early or overlapping", "kind", kind)
        .increment();
  }

  /// The recogniser said something else than words.
  ///
  /// @param kind one of a few fixed words
  public void signal(String kind) {
    tagged("verbatim.asr.signals", "what the recogniser said beside words", "kind", kind)
        .increment();
  }

  /// The watchdog acted.
  ///
  /// @param action `settle`, `probe` or `reconnect`
  public void watchdog(String action) {
    tagged("verbatim.asr.watchdog", "a recogniser asked for words, or given up", "action", action)
        .increment();
  }

  public void breaker(boolean open) {
    denied.set(open ? 1 : 0);
  }

  private Counter audio(String name, String description) {
    return Counter.builder(name).description(description).baseUnit("seconds").register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Counter tagged(String name, String description, String tag, String value) {
    return Counter.builder(name).description(description).tag(tag, value).register(registry);
  }

  private void gauge(String name, String description, AtomicInteger value) {
    Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
  }
}
