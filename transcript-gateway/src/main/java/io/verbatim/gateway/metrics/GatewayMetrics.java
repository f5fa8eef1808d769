package io.verbatim.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.tokens.TokenFault;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The gateway's meters. Thread-safe.
public final class GatewayMetrics {

  private static final String PREFIX = "verbatim.gateway.";
  private static final String SECONDS = "seconds";

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
    feedReleases = counter("feed.releases", "Windows and pages of lines released: FEED_MEMORY");
    pageReads = counter("pages.read", "Pages of transcripts read from the log for streams");
    exportsAborted = counter("exports.aborted", "Documents that were not sent to their end");
    events = counter("events.encoded", "Events encoded, once for all subscribers");
    sent = counter("sent", "Bytes written to clients", BaseUnits.BYTES);
    resyncs = counter("resyncs", "Streams sent again from the start: their position was lost");
    staleInterims = counter("interims.stale", "Interims dropped: a final covers them");
    received = counter("ended.received", "Audio of calls that ended", SECONDS);
    transcribed = counter("ended.transcribed", "Of that, words or silence", SECONDS);
    gap = counter("ended.gap", "Of that, audio that is not transcribed", SECONDS);
    unconfirmed = counter("ended.unconfirmed", "Finals of ended calls that stayed unconfirmed");
    registerLabels();
  }

  /// A counter that has not counted yet is there as well, so that its rate can be taken.
  private void registerLabels() {
    List.of("capacity", "tenant_capacity", "slow", "stale", "expired").forEach(this::evictions);
    List.of(true, false).forEach(this::endedCalls);
    for (TokenFault fault : TokenFault.values()) {
      refusals(401, fault.code());
    }
    refusals(401, "no_token");
    refusals(403, "missing_scope");
    refusals(403, "foreign_origin");
    refusals(413, "body_too_large");
    refusals(429, "too_many_failures");
    refusals(429, "too_many_requests");
    refusals(503, "keys_unavailable");
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

  /// So many bytes of encoded lines are in memory.
  public void feedBytes(long held) {
    feedBytes.set(held);
  }

  /// Lines left the memory to make room for others.
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

  /// A stream was ended by the gateway.
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

  /// A call was seen to end: its ledger is added to the sums. Each gateway sums what it sees.
  public void callEnded(CallRecord call) {
    endedCalls(call.complete()).increment();
    received.increment(call.receivedMs() / 1e3);
    transcribed.increment(call.transcribedMs() / 1e3);
    gap.increment(call.gapMs() / 1e3);
    unconfirmed.increment((double) call.unconfirmed());
  }

  private Counter endedCalls(boolean complete) {
    return Counter.builder(PREFIX + "ended.calls")
        .description("Calls seen to end")
        .tag("complete", Boolean.toString(complete))
        .register(registry);
  }

  /// A request was refused.
  ///
  /// @param reason the cause by its name
  public void refused(int status, String reason) {
    refusals(status, reason).increment();
  }

  private Counter refusals(int status, String reason) {
    return Counter.builder(PREFIX + "refusals")
        .description("Requests without a sufficient token, or beyond a limit")
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
