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

/// The workers' claims in memory.
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
    thread.enqueue(() -> dispatcher.addWorker(leases));
    return leases;
  }

  @Override
  public CompletionStage<AbandonOutcome> abandon(
      CallId id, String owner, WriterLiveness liveness, Duration silence, String reason) {
    return thread.request(() ->
        calls.change(
            id,
            new AbandonOutcome.NotOwner(),
            call ->
                call.abandon(
                    owner, liveness.checkedAt(Instant.now().toEpochMilli()), silence, reason)));
  }
}
