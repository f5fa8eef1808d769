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

/// Every meter of this service, on the registry given. What is counted per frame is looked up once.
public final class IngestMetrics {
  private static final List<String> OUTCOMES =
      List.of("ended", "refused", "superseded", "ended_elsewhere");

  private final MeterRegistry registry;
  private final Map<Source, Intake> intake = new EnumMap<>(Source.class);
  private final Timer appendLatency;
  private final DistributionSummary entryBytes;
  private final DistributionSummary entryFrames;
  private final Counter stored;
  private final Counter lost;
  private long bufferedBytes;

  public IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
    appendLatency =
        Timer.builder("verbatim.ingest.append.latency")
            .description("Time from an append to the log's answer")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(100_000))
            .maximumExpectedValue(Duration.ofSeconds(10))
            .register(registry);
    entryBytes =
        DistributionSummary.builder("verbatim.ingest.append.size")
            .description("Audio in one entry of the log")
            .baseUnit(BaseUnits.BYTES)
            .register(registry);
    entryFrames =
        DistributionSummary.builder("verbatim.ingest.append.frames")
            .description("Frames gathered into one entry of the log")
            .register(registry);
    stored = bytes("verbatim.ingest.stored", "Audio that has reached the log").register(registry);
    lost =
        bytes(
                "verbatim.ingest.lost",
                "Audio that had reached the log, was lost there and waits again")
            .register(registry);
    gauge("verbatim.ingest.buffered", () -> bufferedBytes)
        .description("Audio in memory: not stored yet, or not covered by words for 3 s yet")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    for (Source source : Source.values()) {
      String name = source.wireName();
      intake.put(
          source,
          new Intake(
              counter("verbatim.ingest.frames", "Audio frames received")
                  .tag("source", name)
                  .register(registry),
              bytes("verbatim.ingest.audio", "Audio received")
                  .tag("source", name)
                  .register(registry)));
      opened(source);
      stalled(source);
      limited(source);
    }
    OUTCOMES.forEach(this::over);
    List.of("bus_away", "call_over").forEach(this::drops);
    List.of("bus_unavailable", "tail_moved").forEach(this::retries);
    resumed();
    trims();
  }

  /// Registers the kinds of violations that a dialect counts, before the first one.
  public void registerViolations(String source, List<String> kinds) {
    kinds.forEach(kind -> violations(source, kind));
  }

  /// Shows how many connections are open.
  public void gaugeConnections(Supplier<Number> open) {
    gauge("verbatim.ingest.connections.open", open)
        .description("WebSocket connections that are open")
        .register(registry);
  }

  /// Shows how many calls there are.
  public void gaugeCalls(Supplier<Number> live, Supplier<Number> settling) {
    gauge("verbatim.ingest.calls.live", live)
        .description("Calls whose end is not in the log yet")
        .register(registry);
    gauge("verbatim.ingest.calls.settling", settling)
        .description("Calls whose end is in the log and whose transcript has not ended yet")
        .register(registry);
  }

  /// Shows how much of this instance's audio is in the log and not covered by words yet.
  public void gaugeBacklog(Supplier<Number> bytes) {
    gauge("verbatim.ingest.backlog", bytes)
        .description("Audio in the log that no words cover yet, of all calls together")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
  }

  /// So much more audio is in memory, or less.
  public void buffered(long change) {
    bufferedBytes += change;
  }

  public void callOpened(Source source) {
    opened(source).increment();
  }

  public void callResumed() {
    resumed().increment();
  }

  /// A call has left this instance.
  ///
  /// @param outcome `ended`, or why the call left this instance without an end of ours
  public void callOver(String outcome) {
    over(outcome).increment();
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
    drops(reason).increment((double) bytes);
  }

  /// A peer did what its protocol does not provide for.
  public void violation(String source, String kind, long times) {
    violations(source, kind).increment((double) times);
  }

  public void handshakeRejected(String reason) {
    counter("verbatim.ingest.handshakes.rejected", "Handshakes answered with an error")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  public void connectionClosed(int code, String reason) {
    counter("verbatim.ingest.connections.closed", "Connections this service has closed")
        .tag("code", Integer.toString(code))
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  /// A call whose peer has sent no media for 5 s.
  public void mediaStalled(Source source) {
    stalled(source).increment();
  }

  /// A caller that sends faster than it may is not read for a while.
  public void rateLimited(Source source) {
    limited(source).increment();
  }

  public void appended(long latencyNanos, int bytes, int frames) {
    appendLatency.record(latencyNanos, TimeUnit.NANOSECONDS);
    entryBytes.record(bytes);
    entryFrames.record(frames);
  }

  /// Stored audio was removed because the log had no room.
  public void trimmed(long bytes) {
    trims().increment((double) bytes);
  }

  /// A write the log did not accept at once, and that is repeated.
  public void retried(String reason) {
    retries(reason).increment();
  }

  private Counter opened(Source source) {
    return counter("verbatim.ingest.calls.opened", "Calls opened, resumptions not counted")
        .tag("source", source.wireName())
        .register(registry);
  }

  private Counter resumed() {
    return counter("verbatim.ingest.calls.resumed", "Calls resumed by a new connection")
        .register(registry);
  }

  private Counter over(String outcome) {
    return counter("verbatim.ingest.calls.over", "Calls that are no longer this instance's")
        .tag("outcome", outcome)
        .register(registry);
  }

  private Counter stalled(Source source) {
    return counter("verbatim.ingest.media.stalled", "Pauses of 5 s or more in a call's media")
        .tag("source", source.wireName())
        .register(registry);
  }

  private Counter limited(Source source) {
    return counter("verbatim.ingest.rate.limited", "Times a caller that sends too fast had to wait")
        .tag("source", source.wireName())
        .register(registry);
  }

  private Counter drops(String reason) {
    return bytes("verbatim.ingest.dropped", "Audio received that did not reach the log")
        .tag("reason", reason)
        .register(registry);
  }

  private Counter trims() {
    return bytes("verbatim.ingest.trimmed", "Stored audio removed from a log without room")
        .register(registry);
  }

  private Counter retries(String reason) {
    return counter("verbatim.ingest.append.retries", "Writes to the log that were repeated")
        .tag("reason", reason)
        .register(registry);
  }

  private Counter violations(String source, String kind) {
    return counter("verbatim.ingest.protocol.violations", "What peers did against their protocol")
        .tag("source", source)
        .tag("kind", kind)
        .register(registry);
  }

  private static Gauge.Builder<Supplier<Number>> gauge(String name, Supplier<Number> value) {
    return Gauge.builder(name, value);
  }

  private static Counter.Builder counter(String name, String description) {
    return Counter.builder(name).description(description);
  }

  private static Counter.Builder bytes(String name, String description) {
    return counter(name, description).baseUnit(BaseUnits.BYTES);
  }
}
