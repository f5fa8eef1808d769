package io.verbatim.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.security.token.TokenFault;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// The gateway's meters. Thread-safe.
public final class GatewayMetrics {

  private static final String PREFIX = "verbatim.gateway.";
  private static final String SECONDS = "seconds";
  private static final List<String> RECORDING_SERVICES =
      List.of("deepgram", "whisper", "assemblyai", "video");
  private static final List<String> RECORDING_OUTCOMES =
      List.of("transcribed", "continued", "refused", "busy", "failed", "cancelled");
  private static final List<String> TRANSLATION_SERVICES = List.of("openai", "google", "deepseek");
  private static final List<String> TRANSLATION_OUTCOMES =
      List.of("translated", "forwarded", "refused", "busy", "failed", "cancelled");
  private static final List<String> CAPTION_OUTCOMES =
      List.of("translated", "retried", "failed", "skipped");

  private final MeterRegistry registry;
  private final AtomicInteger subscribers = new AtomicInteger();
  private final AtomicInteger feeds = new AtomicInteger();
  private final AtomicLong feedBytes = new AtomicLong();
  private final Counter feedReleases;
  private final Counter pageReads;
  private final Counter exportsAborted;
  private final Counter events;
  private final Counter sent;
  private final Counter resyncs;
  private final Counter staleInterims;
  private final Timer appendToBrowser;
  private final Timer audioToBrowser;
  private volatile Supplier<OptionalLong> serverClock = OptionalLong::empty;
  private final Counter received;
  private final Counter transcribed;
  private final Counter gap;
  private final Counter unconfirmed;

  public GatewayMetrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder(PREFIX + "subscribers", subscribers, AtomicInteger::get)
        .description("Streams open to clients")
        .register(registry);
    Gauge.builder(PREFIX + "feeds", feeds, AtomicInteger::get)
        .description("Calls whose transcript is held in memory")
        .register(registry);
    Gauge.builder(PREFIX + "feed", feedBytes, AtomicLong::get)
        .description("Encoded lines of transcripts held in memory")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    feedReleases =
        counter("feed.releases", "Windows and pages of lines released because of FEED_MEMORY");
    pageReads = counter("pages.read", "Pages of transcripts read from the log for streams");
    exportsAborted = counter("exports.aborted", "Documents that were not sent completely");
    events = counter("events.encoded", "Events encoded, once for all subscribers");
    sent = counter("sent", "Bytes written to clients", BaseUnits.BYTES);
    resyncs =
        counter("resyncs", "Streams sent again from the start because their position was lost");
    staleInterims = counter("interims.stale", "Interims dropped because a final covers them");
    appendToBrowser =
        latency(
            "append.to.browser",
            "Time from the append of a live final to its write to a client, by the clock of Redis");
    audioToBrowser =
        latency(
            "audio.to.browser",
            "Time from the arrival of a live final's last audio at ingest to its write to a"
                + " client");
    received = counter("ended.received", "Audio of calls that ended", SECONDS);
    transcribed =
        counter(
            "ended.transcribed",
            "Audio of calls that ended, transcribed as words or silence",
            SECONDS);
    gap = counter("ended.gap", "Audio of calls that ended, not transcribed", SECONDS);
    unconfirmed =
        counter(
            "ended.unconfirmed", "Finals of calls that ended that the recogniser did not confirm");
    registerLabels();
  }

  private Timer latency(String name, String description) {
    return Timer.builder(PREFIX + name)
        .description(description)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(1))
        .maximumExpectedValue(Duration.ofSeconds(60))
        .register(registry);
  }

  /// Registers the limits, for comparison with the gauges.
  public void gaugeLimits(int maxSubscribers, long maxFeedBytes) {
    Gauge.builder(PREFIX + "subscribers.limit", () -> maxSubscribers)
        .description("Streams that may be open (MAX_SSE_CLIENTS)")
        .register(registry);
    Gauge.builder(PREFIX + "feed.limit", () -> maxFeedBytes)
        .description("Encoded lines of transcripts in memory, at most (FEED_MEMORY)")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
  }

  /// Sets the clock by which deliveries are measured.
  ///
  /// @param serverMillis the time of the log's server, which stamps the entries; empty while
  ///   unknown
  public void measureDeliveries(Supplier<OptionalLong> serverMillis) {
    serverClock = serverMillis;
  }

  /// A live line was written to a client that had been sent everything before it. On the event
  /// loop.
  ///
  /// @param appendedMillis the server's time when it was appended; 0 if it is not a final
  /// @param latencyMs from the arrival of its last audio at ingest to its append
  public void delivered(long appendedMillis, long latencyMs) {
    OptionalLong now = appendedMillis > 0 ? serverClock.get() : OptionalLong.empty();
    if (now.isPresent()) {
      Duration sinceAppend = Duration.ofMillis(Math.max(0, now.getAsLong() - appendedMillis));
      appendToBrowser.record(sinceAppend);
      audioToBrowser.record(sinceAppend.plusMillis(latencyMs));
    }
  }

  /// Registers all labels at the start, so that rates can be computed from the first event.
  private void registerLabels() {
    List.of("capacity", "tenant_capacity", "slow", "stale", "expired").forEach(this::evictions);
    List.of(true, false).forEach(this::endedCalls);
    for (TokenFault fault : TokenFault.values()) {
      refusals(401, fault.code());
    }
    refusals(401, "no_token");
    refusals(401, "bad_api_key");
    refusals(403, "missing_scope");
    refusals(403, "foreign_origin");
    refusals(408, "body_too_slow");
    refusals(413, "body_too_large");
    refusals(429, "too_many_failures");
    refusals(429, "too_many_requests");
    refusals(503, "keys_unavailable");
    for (String service : RECORDING_SERVICES) {
      RECORDING_OUTCOMES.forEach(outcome -> recordings(service, outcome));
    }
    for (String service : TRANSLATION_SERVICES) {
      TRANSLATION_OUTCOMES.forEach(outcome -> translations(service, outcome));
    }
    CAPTION_OUTCOMES.forEach(this::captions);
  }

  /// Observes the number of recordings that are received or transcribed.
  public void observeRecordings(IntSupplier running) {
    Gauge.builder(PREFIX + "recordings.running", running, IntSupplier::getAsInt)
        .description("Recordings that are received or transcribed")
        .strongReference(true)
        .register(registry);
  }

  /// A request with a recording is over.
  ///
  /// @param service `deepgram`, `whisper`, `assemblyai` or `video`
  /// @param outcome `transcribed`, `continued` as a job, `refused`, `busy`, `failed` or `cancelled`
  public void recording(String service, String outcome) {
    recordings(service, outcome).increment();
  }

  private Counter recordings(String service, String outcome) {
    return Counter.builder(PREFIX + "recordings")
        .description("Requests with a recording that are over")
        .tag("service", service)
        .tag("outcome", outcome)
        .register(registry);
  }

  /// Observes the number of texts that are received or translated.
  public void observeTranslations(IntSupplier running) {
    Gauge.builder(PREFIX + "translations.running", running, IntSupplier::getAsInt)
        .description("Texts that are received or translated")
        .strongReference(true)
        .register(registry);
  }

  /// A request with a text is over.
  ///
  /// @param service `openai`, `google` or `deepseek`
  /// @param outcome `translated`, `forwarded` to the webhook, `refused`, `busy`, `failed` or
  ///   `cancelled`
  public void translation(String service, String outcome) {
    translations(service, outcome).increment();
  }

  private Counter translations(String service, String outcome) {
    return Counter.builder(PREFIX + "translations")
        .description("Requests with a text that are over")
        .tag("service", service)
        .tag("outcome", outcome)
        .register(registry);
  }

  /// A final of a live call was sent to the translator, or should have been.
  ///
  /// @param outcome `translated`, `retried` later because the provider failed, `failed` because it
  ///   refuses the words, or `skipped` because too many wait
  public void caption(String outcome) {
    captions(outcome).increment();
  }

  private Counter captions(String outcome) {
    return Counter.builder(PREFIX + "captions")
        .description("Finals that were translated for watchers, once for each language")
        .tag("outcome", outcome)
        .register(registry);
  }

  public void subscribers(int open) {
    subscribers.set(open);
  }

  public void feeds(int held) {
    feeds.set(held);
  }

  /// Events were encoded.
  public void encoded(int count) {
    events.increment(count);
  }

  /// Sets the bytes of encoded lines in memory.
  public void feedBytes(long held) {
    feedBytes.set(held);
  }

  /// Lines were released to free memory for others.
  public void feedReleased() {
    feedReleases.increment();
  }

  public void exportAborted() {
    exportsAborted.increment();
  }

  public void pageRead() {
    pageReads.increment();
  }

  public void sent(long bytes) {
    sent.increment((double) bytes);
  }

  public void resynced() {
    resyncs.increment();
  }

  public void staleInterim() {
    staleInterims.increment();
  }

  /// The gateway ended a stream.
  ///
  /// @param reason `capacity`, `tenant_capacity`, `slow`, `stale` or `expired`
  public void evicted(String reason) {
    evictions(reason).increment();
  }

  private Counter evictions(String reason) {
    return Counter.builder(PREFIX + "evictions")
        .description("Streams ended by the gateway")
        .tag("reason", reason)
        .register(registry);
  }

  /// A call ended. Adds its ledger to the sums. Each gateway counts the ends that it observes.
  public void callEnded(CallRecord call) {
    endedCalls(call.complete()).increment();
    received.increment(call.receivedMs() / 1e3);
    transcribed.increment(call.transcribedMs() / 1e3);
    gap.increment(call.gapMs() / 1e3);
    unconfirmed.increment((double) call.unconfirmed());
  }

  private Counter endedCalls(boolean complete) {
    return Counter.builder(PREFIX + "ended.calls")
        .description("Calls that ended while this gateway ran")
        .tag("complete", Boolean.toString(complete))
        .register(registry);
  }

  /// A request was refused.
  ///
  /// @param reason the code of the problem, which is registered at the start: the first increase of
  ///   another one would be missed
  public void refused(int status, String reason) {
    assert registry
                .find(PREFIX + "refusals")
                .tags("status", Integer.toString(status), "reason", reason)
                .counter()
            != null
        : status + " " + reason + " is not registered";
    refusals(status, reason).increment();
  }

  private Counter refusals(int status, String reason) {
    return Counter.builder(PREFIX + "refusals")
        .description("Requests refused: no sufficient token, or above a limit")
        .tag("status", Integer.toString(status))
        .tag("reason", reason)
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(PREFIX + name).description(description).register(registry);
  }

  private Counter counter(String name, String description, String unit) {
    return Counter.builder(PREFIX + name)
        .description(description)
        .baseUnit(unit)
        .register(registry);
  }
}
