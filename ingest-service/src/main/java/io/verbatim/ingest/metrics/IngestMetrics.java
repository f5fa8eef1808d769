package io.verbatim.ingest.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.verbatim.pubsub.message.CallStart.Source;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Every meter of this service, on the registry given. What is counted per frame is looked up once.
public final class IngestMetrics {
  private static final String PREFIX = "verbatim.ingest.";

  /// What is counted; the names follow [#PREFIX].
  private enum Count {
    FRAMES("frames", null, "Audio frames received"),
    AUDIO("audio", BaseUnits.BYTES, "Audio received"),
    STORED("stored", BaseUnits.BYTES, "Audio that has reached the log"),
    LOST("lost", BaseUnits.BYTES, "Stored audio that was lost in the log and waits again"),
    DROPPED("dropped", BaseUnits.BYTES, "Audio received that did not reach the log"),
    TRIMMED("trimmed", BaseUnits.BYTES, "Stored audio removed from a log without room"),
    OPENED("calls.opened", null, "Calls opened, resumptions not counted"),
    RESUMED("calls.resumed", null, "Calls resumed by a new connection"),
    OVER("calls.over", null, "Calls that are no longer this instance's"),
    RETRIES("append.retries", null, "Writes to the log that were repeated"),
    STALLED("media.stalled", null, "Pauses of 5 s or more in a call's media"),
    LIMITED("rate.limited", null, "Times a caller that sends too fast had to wait"),
    VIOLATIONS("protocol.violations", null, "What peers did against their protocol"),
    REJECTED("handshakes.rejected", null, "Handshakes answered with an error"),
    CLOSED("connections.closed", null, "Connections this service has closed");

    private final String name;
    private final @Nullable String unit;
    private final String description;

    Count(String name, @Nullable String unit, String description) {
      this.name = name;
      this.unit = unit;
      this.description = description;
    }
  }

  private final MeterRegistry registry;
  private final Map<Source, Intake> intake = new EnumMap<>(Source.class);
  private final Timer appendLatency;
  private final DistributionSummary entryBytes;
  private final DistributionSummary entryFrames;
  private final Counter stored;
  private final Counter lost;
  private long bufferedBytes;

  /// Registers every counter whose labels are known, so that it is there before it counts.
  public IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
    appendLatency =
        Timer.builder(PREFIX + "append.latency")
            .description("Time from an append to the log's answer")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(100_000))
            .maximumExpectedValue(Duration.ofSeconds(10))
            .register(registry);
    entryBytes =
        DistributionSummary.builder(PREFIX + "append.size")
            .description("Audio in one entry of the log")
            .baseUnit(BaseUnits.BYTES)
            .register(registry);
    entryFrames =
        DistributionSummary.builder(PREFIX + "append.frames")
            .description("Frames gathered into one entry of the log")
            .register(registry);
    gauge(
        "buffered",
        BaseUnits.BYTES,
        "Audio in memory: not stored yet, or not covered by words for 3 s yet",
        () -> bufferedBytes);
    stored = counter(Count.STORED);
    lost = counter(Count.LOST);
    counter(Count.TRIMMED);
    counter(Count.RESUMED);
    for (Source source : Source.values()) {
      String name = source.wireName();
      intake.put(
          source,
          new Intake(counter(Count.FRAMES, "source", name), counter(Count.AUDIO, "source", name)));
      counter(Count.OPENED, "source", name);
      counter(Count.STALLED, "source", name);
      counter(Count.LIMITED, "source", name);
    }
    List.of("ended", "refused", "superseded", "ended_elsewhere")
        .forEach(outcome -> counter(Count.OVER, "outcome", outcome));
    List.of("bus_away", "call_over").forEach(reason -> counter(Count.DROPPED, "reason", reason));
    List.of("bus_unavailable", "tail_moved")
        .forEach(reason -> counter(Count.RETRIES, "reason", reason));
  }

  /// Registers the kinds of violations that a dialect counts, before the first one.
  public void registerViolations(String source, List<String> kinds) {
    kinds.forEach(kind -> counter(Count.VIOLATIONS, "source", source, "kind", kind));
  }

  /// Shows how many connections are open.
  public void gaugeConnections(Supplier<Number> open) {
    gauge("connections.open", null, "WebSocket connections that are open", open);
  }

  /// Shows how many calls there are.
  public void gaugeCalls(Supplier<Number> live, Supplier<Number> settling) {
    gauge("calls.live", null, "Calls whose end is not in the log yet", live);
    gauge(
        "calls.settling",
        null,
        "Calls whose end is in the log and whose transcript has not ended yet",
        settling);
  }

  /// Shows how much of this instance's audio is in the log and not covered by words yet.
  public void gaugeBacklog(Supplier<Number> bytes) {
    gauge("backlog", BaseUnits.BYTES, "Audio in the log that no words cover yet", bytes);
  }

  /// So much more audio is in memory, or less.
  public void buffered(long change) {
    bufferedBytes += change;
  }

  public void callOpened(Source source) {
    counter(Count.OPENED, "source", source.wireName()).increment();
  }

  public void callResumed() {
    counter(Count.RESUMED).increment();
  }

  /// A call has left this instance.
  ///
  /// @param outcome `ended`, or why the call left this instance without an end of ours
  public void callOver(String outcome) {
    counter(Count.OVER, "outcome", outcome).increment();
  }

  /// The counters of one dialect's audio, for its frames to count on.
  public Intake intake(Source source) {
    return Objects.requireNonNull(intake.get(source));
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

  /// Audio that had reached the log is not there any more, and waits to be stored again.
  public void lost(long bytes) {
    lost.increment((double) bytes);
  }

  /// Audio that was received and will not reach the log. What was received is what was stored and
  /// not lost, what was dropped, and what still waits in memory.
  ///
  /// @param reason `bus_away`, or `call_over` where the call is no longer this instance's
  public void dropped(String reason, long bytes) {
    counter(Count.DROPPED, "reason", reason).increment((double) bytes);
  }

  /// A peer did what its protocol does not provide for.
  public void violation(String source, String kind, long times) {
    counter(Count.VIOLATIONS, "source", source, "kind", kind).increment((double) times);
  }

  public void handshakeRejected(String reason) {
    counter(Count.REJECTED, "reason", reason).increment();
  }

  public void connectionClosed(int code, String reason) {
    counter(Count.CLOSED, "code", Integer.toString(code), "reason", reason).increment();
  }

  /// A call whose peer has sent no media for 5 s.
  public void mediaStalled(Source source) {
    counter(Count.STALLED, "source", source.wireName()).increment();
  }

  /// A caller that sends faster than it may is not read for a while.
  public void rateLimited(Source source) {
    counter(Count.LIMITED, "source", source.wireName()).increment();
  }

  public void appended(long latencyNanos, int bytes, int frames) {
    appendLatency.record(latencyNanos, TimeUnit.NANOSECONDS);
    entryBytes.record(bytes);
    entryFrames.record(frames);
  }

  /// Stored audio was removed because the log had no room.
  public void trimmed(long bytes) {
    counter(Count.TRIMMED).increment((double) bytes);
  }

  /// A write the log did not accept at once, and that is repeated.
  public void retried(String reason) {
    counter(Count.RETRIES, "reason", reason).increment();
  }

  private Counter counter(Count count, String... tags) {
    return Counter.builder(PREFIX + count.name)
        .description(count.description)
        .baseUnit(count.unit)
        .tags(tags)
        .register(registry);
  }

  private void gauge(
      String name, @Nullable String unit, String description, Supplier<Number> value) {
    Gauge.builder(PREFIX + name, value).description(description).baseUnit(unit).register(registry);
  }
}
