package io.verbatim.ingest.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.security.token.TokenFault;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All meters of this service. Counters used per frame are looked up once.
public final class IngestMetrics {
  private static final String PREFIX = "verbatim.ingest.";

  /// The reasons of rejected handshakes and requests, besides those of tokens.
  private static final List<String> REJECTIONS =
      List.of(
          "no_token",
          "tokens_not_configured",
          "bad_api_key",
          "api_keys_unavailable",
          "missing_scope",
          "bad_credentials",
          "bad_scheme",
          "bad_path_token",
          "bad_start_token",
          "no_start_token",
          "address_not_allowed",
          "exotel_not_supported",
          "bad_method",
          "no_upgrade",
          "bad_engine_io",
          "unknown_session",
          "body_too_slow",
          "body_too_large",
          "too_many_failures",
          "too_many_requests",
          "too_many_calls",
          "too_many_calls_of_tenant",
          "too_many_connections",
          "too_many_unauthenticated",
          "shutting_down",
          "keys_unavailable");

  /// The counters; names follow [#PREFIX].
  private enum Count {
    FRAMES("frames", null, "Audio frames received"),
    AUDIO("audio", BaseUnits.BYTES, "Audio received"),
    STORED("stored", BaseUnits.BYTES, "Audio stored in the log"),
    LOST(
        "lost",
        BaseUnits.BYTES,
        "Stored audio that the log lost and that waits to be stored again"),
    DROPPED("dropped", BaseUnits.BYTES, "Received audio that was not stored in the log"),
    TRIMMED("trimmed", BaseUnits.BYTES, "Stored audio trimmed because the log was full"),
    OPENED("calls.opened", null, "Calls opened, without resumptions"),
    RESUMED("calls.resumed", null, "Calls resumed by a new connection"),
    OVER("calls.over", null, "Calls that ended or left this instance"),
    RETRIES("append.retries", null, "Writes to the log that were retried"),
    STALLED("media.stalled", null, "Pauses of 5 s or more in a call's media"),
    LIMITED("rate.limited", null, "Times reading paused because a caller exceeded its rate limit"),
    TRANSCRIPT("transcript.messages", null, "Messages about transcripts sent to callers"),
    LATE(
        "transcript.timeouts",
        null,
        "Calls whose last words did not arrive in time for the caller"),
    VIOLATIONS("protocol.violations", null, "Protocol violations by peers"),
    REJECTED("handshakes.rejected", null, "Handshakes and requests rejected"),
    CLOSED("connections.closed", null, "Connections closed by this service");

    private final String name;
    private final @Nullable String unit;
    private final String description;

    Count(String name, @Nullable String unit, String description) {
      this.name = name;
      this.unit = unit;
      this.description = description;
    }
  }

  /// Why this service closes a connection, by close code.
  private static final Map<Integer, List<String>> CLOSES =
      Map.of(
          1000,
          List.of("stopped", "left"),
          1001,
          List.of("media_timeout", "no_pong"),
          1002,
          List.of("websocket_protocol"),
          1003,
          List.of("no_start"),
          1007,
          List.of("bad_audio", "bad_base64", "bad_json", "bad_packet", "partial_sample"),
          1008,
          List.of(
              "no_start",
              "no_start_token",
              "bad_start_token",
              "too_many_unauthenticated",
              "no_token",
              "not_authenticated",
              "too_many_acks",
              "bad_call_id",
              "call_refused",
              "superseded",
              "key_revoked",
              "already_live",
              "already_ended",
              "other_tenant",
              "other_format",
              "claim_interaction_id",
              "claim_tenant_id",
              "missing_interaction_id",
              "missing_tenant_id",
              "missing_encoding",
              "missing_sample_rate",
              "bad_interaction_id",
              "bad_tenant_id",
              "bad_encoding",
              "bad_sample_rate",
              "bad_channels",
              "bad_language",
              "bad_resume_from",
              "bad_transcripts",
              "bad_transcripts_from"),
          1009,
          List.of("frame_too_large", "message_too_large"),
          1011,
          List.of("internal_error", "ended", "ended_elsewhere"),
          1012,
          List.of("shutdown"),
          1013,
          List.of(
              "too_many_calls",
              "too_many_calls_of_tenant",
              "session_timeout",
              "log_unavailable",
              "keys_unavailable"));

  private final MeterRegistry registry;
  private final Map<Source, Intake> intake = new EnumMap<>(Source.class);
  private final Timer appendLatency;
  private final DistributionSummary entryBytes;
  private final DistributionSummary entryFrames;
  private final Counter stored;
  private final Counter lost;
  private long bufferedBytes;

  /// Registers every counter with known labels, so that it exists before its first increment.
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
            .description("Frames in one entry of the log")
            .register(registry);
    gauge(
        "buffered",
        BaseUnits.BYTES,
        "Audio in memory: not stored yet, or not covered by finals for 5 s yet",
        () -> bufferedBytes);
    stored = counter(Count.STORED);
    lost = counter(Count.LOST);
    counter(Count.TRIMMED);
    counter(Count.LATE);
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
    List.of("final", "interim", "gap", "ended", "status", "resync")
        .forEach(kind -> counter(Count.TRANSCRIPT, "kind", kind));
    List.of("bus_away", "call_over").forEach(reason -> counter(Count.DROPPED, "reason", reason));
    List.of("bus_unavailable", "tail_moved")
        .forEach(reason -> counter(Count.RETRIES, "reason", reason));
    REJECTIONS.forEach(reason -> counter(Count.REJECTED, "reason", reason));
    for (TokenFault fault : TokenFault.values()) {
      counter(Count.REJECTED, "reason", fault.code());
    }
    CLOSES.forEach((code, reasons) -> reasons.forEach(reason -> closes(code, reason)));
  }

  private Counter closes(int code, String reason) {
    return counter(Count.CLOSED, "code", Integer.toString(code), "reason", reason);
  }

  /// Registers the counters of a dialect's violations.
  public void registerViolations(String source, List<String> kinds) {
    kinds.forEach(kind -> counter(Count.VIOLATIONS, "source", source, "kind", kind));
  }

  /// Registers the limits, for comparison with the gauges.
  ///
  /// @param backlogBytes of the audio in the log that no final covers yet
  public void gaugeLimits(int calls, long backlogBytes) {
    gauge("calls.limit", null, "Calls that this instance accepts (MAX_CALLS)", () -> calls);
    gauge(
        "backlog.limit",
        BaseUnits.BYTES,
        "Audio in the log that no final covers yet, at most (AUDIO_RETENTION_BYTES)",
        () -> backlogBytes);
  }

  /// Registers the gauge of open connections.
  public void gaugeConnections(Supplier<Number> open) {
    gauge("connections.open", null, "Open WebSocket connections", open);
  }

  /// Registers the gauge of open Socket.IO sessions.
  public void gaugeSocketIoSessions(Supplier<Number> open) {
    gauge("socketio.sessions", null, "Open Socket.IO sessions, on both transports", open);
  }

  /// Registers the gauges of live and settling calls.
  public void gaugeCalls(Supplier<Number> live, Supplier<Number> settling) {
    gauge("calls.live", null, "Calls whose end is not in the log yet", live);
    gauge(
        "calls.settling",
        null,
        "Calls whose end is in the log and whose transcript has not ended yet",
        settling);
  }

  /// Registers the gauge of this instance's audio in the log that no final covers yet.
  public void gaugeBacklog(Supplier<Number> bytes) {
    gauge("backlog", BaseUnits.BYTES, "Audio in the log that no final covers yet", bytes);
  }

  /// Adds to the bytes of audio in memory; negative to subtract.
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
  /// @param outcome `ended`, or why the call left this instance without ending
  public void callOver(String outcome) {
    counter(Count.OVER, "outcome", outcome).increment();
  }

  /// The counters of one source's audio, used for every frame.
  public Intake intake(Source source) {
    return Objects.requireNonNull(intake.get(source));
  }

  /// Counts received audio.
  public record Intake(Counter frames, Counter bytes) {
    public void count(int size) {
      frames.increment();
      bytes.increment(size);
    }
  }

  /// Counts stored audio, again if the log had lost it.
  public void stored(long bytes) {
    stored.increment((double) bytes);
  }

  /// Counts stored audio that the log lost and that waits to be stored again.
  public void lost(long bytes) {
    lost.increment((double) bytes);
  }

  /// Counts received audio that will not be stored. Received = stored - lost + dropped + waiting in
  /// memory.
  ///
  /// @param reason `bus_away`, or `call_over` if the call has ended or left this instance
  public void dropped(String reason, long bytes) {
    counter(Count.DROPPED, "reason", reason).increment((double) bytes);
  }

  /// Counts a protocol violation by a peer.
  public void violation(String source, String kind, long times) {
    counter(Count.VIOLATIONS, "source", source, "kind", kind).increment((double) times);
  }

  /// Counts a message about its call's transcript to a caller.
  public void transcriptSent(String kind) {
    counter(Count.TRANSCRIPT, "kind", kind).increment();
  }

  /// Counts a caller that was told the end of its call before the call's last words.
  public void transcriptLate() {
    counter(Count.LATE).increment();
  }

  public void handshakeRejected(String reason) {
    known(Count.REJECTED, "reason", reason).increment();
  }

  public void connectionClosed(int code, String reason) {
    known(Count.CLOSED, "code", Integer.toString(code), "reason", reason).increment();
  }

  /// Counts a call whose peer has sent no media for 5 s.
  public void mediaStalled(Source source) {
    counter(Count.STALLED, "source", source.wireName()).increment();
  }

  /// Counts a pause in reading because a caller exceeds its rate limit.
  public void rateLimited(Source source) {
    counter(Count.LIMITED, "source", source.wireName()).increment();
  }

  public void appended(long latencyNanos, int bytes, int frames) {
    appendLatency.record(latencyNanos, TimeUnit.NANOSECONDS);
    entryBytes.record(bytes);
    entryFrames.record(frames);
  }

  /// Counts stored audio that was trimmed because the log was full.
  public void trimmed(long bytes) {
    counter(Count.TRIMMED).increment((double) bytes);
  }

  /// Counts a write to the log that is retried.
  public void retried(String reason) {
    counter(Count.RETRIES, "reason", reason).increment();
  }

  /// A counter that was registered at the start: the first increase of another one would be missed.
  private Counter known(Count count, String... tags) {
    assert registry.find(PREFIX + count.name).tags(tags).counter() != null
        : count + " is not registered with " + List.of(tags);
    return counter(count, tags);
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
