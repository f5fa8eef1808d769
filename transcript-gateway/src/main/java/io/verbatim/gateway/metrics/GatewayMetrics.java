package io.verbatim.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.verbatim.pubsub.message.CallRecord;
import java.util.concurrent.atomic.AtomicInteger;

/// The gateway's meters. Safe for use by many threads.
public final class GatewayMetrics {

  private final MeterRegistry registry;
  private final AtomicInteger watchers = new AtomicInteger();
  private final AtomicInteger feeds = new AtomicInteger();
  private final Counter events;
  private final Counter delivered;
  private final Counter resyncs;
  private final Counter interimsDropped;
  private final Counter received;
  private final Counter transcribed;
  private final Counter gap;
  private final Counter unconfirmed;

  public GatewayMetrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("gateway.watchers", watchers, AtomicInteger::get)
        .description("Streams open to browsers")
        .baseUnit(BaseUnits.CONNECTIONS)
        .register(registry);
    Gauge.builder("gateway.feeds", feeds, AtomicInteger::get)
        .description("Calls whose transcript is held in memory")
        .register(registry);
    events = counter("gateway.events.encoded", "Events encoded, once for all who watch", "events");
    delivered = counter("gateway.delivered", "Bytes that left for browsers", BaseUnits.BYTES);
    resyncs =
        counter("gateway.resyncs", "Streams begun anew: a place no longer existed", "streams");
    interimsDropped =
        counter("gateway.interims.stale", "Interims dropped: a final covers them", "events");
    received = seconds("gateway.ended.received", "Audio of calls that ended");
    transcribed = seconds("gateway.ended.transcribed", "Of that, words or silence");
    gap = seconds("gateway.ended.gap", "Of that, audio nobody will transcribe");
    unconfirmed =
        counter("gateway.ended.unconfirmed", "Finals of ended calls never confirmed", "finals");
  }

  public void watchers(int open) {
    watchers.set(open);
  }

  public void feeds(int held) {
    feeds.set(held);
  }

  public void encoded() {
    events.increment();
  }

  public void delivered(long bytes) {
    delivered.increment((double) bytes);
  }

  public void resynced() {
    resyncs.increment();
  }

  public void staleInterim() {
    interimsDropped.increment();
  }

  /// A watcher had to go.
  ///
  /// @param reason `capacity`, `tenant_capacity`, `slow`, `stale` or `expired`
  public void evicted(String reason) {
    Counter.builder("gateway.evictions")
        .description("Watchers that had to go")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  /// A call was seen to end: its ledger is added to the sums. Each gateway sums what it sees.
  public void callEnded(CallRecord call) {
    Counter.builder("gateway.ended.calls")
        .description("Calls seen to end")
        .baseUnit("calls")
        .tag("complete", Boolean.toString(call.complete()))
        .register(registry)
        .increment();
    received.increment(call.receivedMs() / 1e3);
    transcribed.increment(call.transcribedMs() / 1e3);
    gap.increment(call.gapMs() / 1e3);
    unconfirmed.increment((double) call.unconfirmed());
  }

  /// A request was not let in.
  ///
  /// @param reason the cause by its name
  public void refused(int status, String reason) {
    Counter.builder("gateway.refusals")
        .description("Requests without a sufficient token, or beyond a limit")
        .tag("status", Integer.toString(status))
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  private Counter seconds(String name, String description) {
    return counter(name, description, "seconds");
  }

  private Counter counter(String name, String description, String unit) {
    return Counter.builder(name).description(description).baseUnit(unit).register(registry);
  }
}
