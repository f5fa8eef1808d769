package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// The calls of one worker. Nobody falls silent inside one process, so a lease runs out only when
/// it was closed: then its calls go to others after the lease time, as a dead worker's would.
final class InMemoryLeases implements Leases {
  private final BusThread thread;
  private final Dispatcher dispatcher;
  private final int permits;
  private final Duration lease;
  private final LeaseHolder holder;
  private final Map<CallId, Call> held = new LinkedHashMap<>();
  private final String name = UUID.randomUUID().toString();
  private volatile boolean closed;

  InMemoryLeases(
      BusThread thread, Dispatcher dispatcher, int permits, Duration lease, LeaseHolder holder) {
    this.thread = thread;
    this.dispatcher = dispatcher;
    this.permits = permits;
    this.lease = lease;
    this.holder = holder;
  }

  boolean hasPermit() {
    return !closed && held.size() < permits;
  }

  int load() {
    return held.size();
  }

  void grant(Call call) {
    held.put(call.id(), call);
    Grant grant = call.take(UUID.randomUUID().toString(), name);
    thread.callBack(() -> {
      if (!closed) {
        holder.granted(grant);
      }
    });
  }

  @Override
  public CompletionStage<Void> release(CallId call) {
    return thread.tell(() -> giveUp(call, _ -> {}));
  }

  @Override
  public void reconsider(CallId call) {
    thread.callBack(() -> giveUp(call, dispatcher::announce));
  }

  @Override
  public CompletionStage<Void> giveBack(CallId call) {
    return thread.tell(() -> giveUp(call, given -> dispatcher.announce(given, this)));
  }

  @Override
  public CompletionStage<Void> handOver() {
    return thread.tell(() -> {
      dispatcher.leave(this);
      List.copyOf(held.keySet()).forEach(call -> giveUp(call, dispatcher::announce));
    });
  }

  private void giveUp(CallId id, Consumer<Call> then) {
    Call call = held.remove(id);
    if (call != null) {
      call.leave();
      then.accept(call);
      dispatcher.serve();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    thread.callBack(() -> dispatcher.leave(this));
    thread.later(
        lease, () -> List.copyOf(held.keySet()).forEach(id -> giveUp(id, dispatcher::announce)));
  }
}
