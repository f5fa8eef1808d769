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

/// The calls of one worker. Inside one process no worker becomes silent, so leases expire only
/// after [#close]: the calls then go to other workers after the lease time, as those of a dead
/// worker do.
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
  private volatile boolean claimsStopped;
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
    return !claimsStopped && !closed && held.size() < permits;
  }

  int load() {
    return held.size();
  }

  void grant(Call call) {
    if (lastBegun != null && lastBegun != call) {
      lastBegun.unmarkBegun(name);
    }
    lastBegun = call;
    Grant grant = call.claim(UUID.randomUUID().toString(), name);
    held.put(call.id(), new Held(call, grant.owner()));
    thread.enqueue(() -> {
      if (claimsStopped) {
        var _ = giveBack(grant);
      } else if (!closed) {
        holder.granted(grant);
      }
    });
  }

  @Override
  public CompletionStage<Void> release(Grant grant) {
    return thread.run(() -> drop(grant, _ -> {}));
  }

  @Override
  public void revalidate(Grant grant) {
    thread.enqueue(() -> drop(grant, this::grantAgain));
  }

  /// Grants a call again that this worker still owns, as the pending list of Redis does.
  private void grantAgain(Call call) {
    if (hasPermit() && !call.hasEnded()) {
      grant(call);
    } else {
      dispatcher.announce(call);
    }
  }

  @Override
  public CompletionStage<Void> giveBack(Grant grant) {
    return thread.run(() ->
        drop(
            grant,
            call -> {
              call.unmarkBegun(name);
              dispatcher.announce(call, this);
            }));
  }

  @Override
  public CompletionStage<Void> stopClaiming() {
    claimsStopped = true;
    return thread.run(() -> {});
  }

  @Override
  public CompletionStage<Void> handOver() {
    return thread.run(() -> {
      dispatcher.removeWorker(this);
      List.copyOf(held.keySet())
          .forEach(id ->
              drop(
                  id,
                  call -> {
                    call.unmarkBegun(name);
                    dispatcher.announce(call);
                  }));
    });
  }

  private void drop(Grant grant, Consumer<Call> then) {
    Held one = held.get(grant.call());
    if (one != null && one.owner().equals(grant.owner())) {
      drop(grant.call(), then);
    }
  }

  private void drop(CallId id, Consumer<Call> then) {
    Held one = held.remove(id);
    if (one != null) {
      Call call = one.call();
      call.removeOwner();
      then.accept(call);
      dispatcher.assignWaiting();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    thread.enqueue(() -> dispatcher.removeWorker(this));
    thread.schedule(
        lease, () -> List.copyOf(held.keySet()).forEach(id -> drop(id, dispatcher::announce)));
  }
}
