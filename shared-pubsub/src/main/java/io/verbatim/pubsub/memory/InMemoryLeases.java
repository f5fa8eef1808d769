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
import org.jspecify.annotations.Nullable;

/// The calls of one worker. Nobody falls silent inside one process, so a lease runs out only when
/// it was closed: then its calls go to others after the lease time, as a dead worker's would.
final class InMemoryLeases implements Leases {
  private record Held(Call call, String owner) {}

  private final BusThread thread;
  private final Dispatcher dispatcher;
  private final int permits;
  private final Duration lease;
  private final LeaseHolder holder;
  private final Map<CallId, Held> held = new LinkedHashMap<>();
  private final String name = UUID.randomUUID().toString();
  private @Nullable Call lastBegun;
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
    if (lastBegun != null && lastBegun != call) {
      lastBegun.exonerate(name);
    }
    lastBegun = call;
    Grant grant = call.take(UUID.randomUUID().toString(), name);
    held.put(call.id(), new Held(call, grant.owner()));
    thread.callBack(() -> {
      if (!closed) {
        holder.granted(grant);
      }
    });
  }

  @Override
  public CompletionStage<Void> release(Grant grant) {
    return thread.tell(() -> giveUp(grant, _ -> {}));
  }

  @Override
  public void reconsider(Grant grant) {
    thread.callBack(() -> giveUp(grant, dispatcher::announce));
  }

  @Override
  public CompletionStage<Void> giveBack(Grant grant) {
    return thread.tell(() -> giveUp(grant, given -> dispatcher.announce(given, this)));
  }

  @Override
  public CompletionStage<Void> handOver() {
    return thread.tell(() -> {
      dispatcher.leave(this);
      List.copyOf(held.keySet()).forEach(call -> giveUp(call, dispatcher::announce));
    });
  }

  private void giveUp(Grant grant, Consumer<Call> then) {
    Held one = held.get(grant.call());
    if (one != null && one.owner().equals(grant.owner())) {
      giveUp(grant.call(), then);
    }
  }

  private void giveUp(CallId id, Consumer<Call> then) {
    Held one = held.remove(id);
    if (one != null) {
      Call call = one.call();
      call.leave();
      if (!closed) {
        call.exonerate(name);
      }
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
