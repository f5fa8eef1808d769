package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Another worker that claims the next call, performs an action with it and hands it over.
final class TemporaryOwner implements LeaseHolder {
  private final CompletableFuture<Grant> granted = new CompletableFuture<>();

  private TemporaryOwner() {}

  static void of(Bus bus, Consumer<Grant> action) {
    TemporaryOwner owner = new TemporaryOwner();
    Leases leases = bus.leases().hold(1, owner);
    action.accept(NumberedCaller.now(owner.granted));
    NumberedCaller.now(leases.handOver());
    leases.close();
  }

  /// A worker that claims the call and dies: its lease expires.
  static void dies(Bus bus, Consumer<Grant> action) {
    TemporaryOwner owner = new TemporaryOwner();
    Leases leases = bus.leases().hold(1, owner);
    action.accept(NumberedCaller.now(owner.granted));
    leases.close();
  }

  @Override
  public void granted(Grant grant) {
    granted.complete(grant);
  }

  @Override
  public void lost(CallId call) {}
}
