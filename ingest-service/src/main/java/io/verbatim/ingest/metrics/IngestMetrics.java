package io.verbatim.ingest.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.time.Duration;
import java.util.function.Supplier;

/// Every meter of this service, on the registry given.
public final class IngestMetrics {
  private final MeterRegistry registry;
  private final Timer appendLatency;
  private final DistributionSummary batchBytes;
  private final DistributionSummary batchFrames;
  private final Counter stored;
  private final Counter lost;

  public IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
    appendLatency =
        Timer.builder("verbatim.ingest.append.latency")
            .description("Time from an append to the log's answer")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(100_000))
            .maximumExpectedValue(Duration.ofSeconds(10))
            .register(registry);
    batchBytes =
        DistributionSummary.builder("verbatim.ingest.append.size")
            .description("Audio in one entry of the log")
            .baseUnit(BaseUnits.BYTES)
            .register(registry);
    stored =
        counter("verbatim.ingest.stored", "Audio that has reached the log", BaseUnits.BYTES)
            .register(registry);
    lost =
        counter(
                "verbatim.ingest.lost",
                "Audio that had reached the log, was lost there and waits again",
                BaseUnits.BYTES)
            .register(registry);
    batchFrames =
        DistributionSummary.builder("verbatim.ingest.append.frames")
            .description("Frames gathered into one entry of the log")
            .baseUnit("frames")
            .register(registry);
  }

  /// Shows how many sockets are open.
  public void gaugeSockets(Supplier<Number> open) {
    Gauge.builder("verbatim.ingest.sockets.open", open)
        .description("WebSockets that are open")
        .baseUnit("sockets")
        .register(registry);
  }

  /// Shows how many calls there are and the audio they hold.
  public void gaugeCalls(Supplier<Number> live, Supplier<Number> settling, Supplier<Number> bytes) {
    Gauge.builder("verbatim.ingest.calls.live", live)
        .description("Calls whose end is not in the log yet")
        .baseUnit("calls")
        .register(registry);
    Gauge.builder("verbatim.ingest.calls.settling", settling)
        .description("Calls whose end is in the log and whose words are not all there yet")
        .baseUnit("calls")
        .register(registry);
    Gauge.builder("verbatim.ingest.buffered", bytes)
        .description(
            "Audio in memory: not stored yet, or not covered by words for three seconds yet")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
  }

  public void callOpened(String source) {
    counter("verbatim.ingest.calls.opened", "Calls opened, resumptions not counted", "calls")
        .tag("source", source)
        .register(registry)
        .increment();
  }

  public void callResumed() {
    counter("verbatim.ingest.calls.resumed", "Calls taken up again by a new socket", "calls")
        .register(registry)
        .increment();
  }

  /// A call has left this instance.
  ///
  /// @param outcome `ended`, or why the call left this instance without an end of ours
  public void callOver(String outcome) {
    counter("verbatim.ingest.calls.over", "Calls that are no longer this instance's", "calls")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /// The counters of one dialect's audio, for its frames to count on.
  public Intake intake(String source) {
    return new Intake(
        counter("verbatim.ingest.frames", "Audio frames taken in", "frames")
            .tag("source", source)
            .register(registry),
        counter("verbatim.ingest.audio", "Audio taken in", BaseUnits.BYTES)
            .tag("source", source)
            .register(registry));
  }

  /// Counts audio as it comes in.
  public record Intake(Counter frames, Counter bytes) {
    public void count(int size) {
      frames.increment();
      bytes.increment(size);
    }
  }

  /// Audio has reached the log; once more where the log had lost it.
  public void stored(long bytes) {
    stored.increment((double) bytes);
  }

  /// Audio that had reached the log is not there any more, and waits to be stored once more.
  public void lost(long bytes) {
    lost.increment((double) bytes);
  }

  /// Audio that was taken in and will not reach the log: what was taken in is what was stored and
  /// not lost, what was dropped, and what still waits in memory.
  ///
  /// @param reason `bus_away`, or `call_over` where nobody would take it any more
  public void dropped(String reason, long bytes) {
    counter("verbatim.ingest.dropped", "Audio taken in that did not reach the log", BaseUnits.BYTES)
        .tag("reason", reason)
        .register(registry)
        .increment((double) bytes);
  }

  /// Something a peer did that its protocol does not provide for.
  public void odd(String source, String kind, long times) {
    counter("verbatim.ingest.oddities", "What peers did against their protocol", "events")
        .tag("source", source)
        .tag("kind", kind)
        .register(registry)
        .increment((double) times);
  }

  public void refusedHandshake(String reason) {
    counter("verbatim.ingest.handshakes.refused", "Handshakes answered with an error", "handshakes")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  public void closed(String code, String reason) {
    counter("verbatim.ingest.sockets.closed", "WebSockets this service has closed", "sockets")
        .tag("code", code)
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  /// A call whose peer has sent no media for 5 s.
  public void mediaStalled(String source) {
    counter("verbatim.ingest.media.stalled", "Pauses of 5 s or more in a call's media", "pauses")
        .tag("source", source)
        .register(registry)
        .increment();
  }

  /// A caller that sent faster than it may is not read for a while.
  public void heldBack(String source) {
    counter("verbatim.ingest.held.back", "Times a caller that sends too fast had to wait", "times")
        .tag("source", source)
        .register(registry)
        .increment();
  }

  public void appended(Duration latency, int bytes, int frames) {
    appendLatency.record(latency);
    batchBytes.record(bytes);
    batchFrames.record(frames);
  }

  /// Stored audio that was let go because the log had no room.
  public void shed(long bytes) {
    counter("verbatim.ingest.shed", "Stored audio let go for a log without room", BaseUnits.BYTES)
        .register(registry)
        .increment((double) bytes);
  }

  /// Shows how much the log holds of this instance that no words cover yet.
  public void gaugeUnread(Supplier<Number> bytes) {
    Gauge.builder("verbatim.ingest.unread", bytes)
        .description("Audio in the log that no words cover yet, of all calls together")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
  }

  /// A write the log did not take at once, and will be asked for again.
  public void retried(String cause) {
    counter("verbatim.ingest.append.retries", "Writes to the log made again", "writes")
        .tag("cause", cause)
        .register(registry)
        .increment();
  }

  private static Counter.Builder counter(String name, String description, String unit) {
    return Counter.builder(name).description(description).baseUnit(unit);
  }
}
