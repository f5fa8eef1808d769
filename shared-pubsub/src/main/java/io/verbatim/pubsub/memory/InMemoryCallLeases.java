package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.CallLeases;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.WriterLiveness;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/// The port of the workers' claims.
final class InMemoryCallLeases implements CallLeases {
  private final BusThread thread;
  private final Calls calls;
  private final Dispatcher dispatcher;
  private final Duration lease;

  InMemoryCallLeases(BusThread thread, Calls calls, Dispatcher dispatcher, Duration lease) {
    this.thread = thread;
    this.calls = calls;
    this.dispatcher = dispatcher;
    this.lease = lease;
  }

  @Override
  public Leases hold(int permits, LeaseHolder holder) {
    InMemoryLeases leases = new InMemoryLeases(thread, dispatcher, permits, lease, holder);
    thread.callBack(() -> dispatcher.join(leases));
    return leases;
  }

  @Override
  public CompletionStage<AbandonOutcome> abandon(
      CallId id, String owner, WriterLiveness watch, Duration silence, String reason) {
    return thread.ask(() ->
        calls.change(
            id,
            new AbandonOutcome.NotYours(),
            call -> call.abandon(owner, watch.at(Instant.now().toEpochMilli()), silence, reason)));
  }
}
