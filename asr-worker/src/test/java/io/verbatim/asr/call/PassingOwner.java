package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Another worker that takes the next call, does something with it and gives it back.
final class PassingOwner implements LeaseHolder {
  private final CompletableFuture<Grant> given = new CompletableFuture<>();

  private PassingOwner() {}

  static void of(Bus bus, Consumer<Grant> does) {
    PassingOwner owner = new PassingOwner();
    Leases leases = bus.leases().hold(1, owner);
    does.accept(NumberedCaller.now(owner.given));
    NumberedCaller.now(leases.handOver());
    leases.close();
  }

  /// A worker that claims the call and dies: its lease expires.
  static void dies(Bus bus, Consumer<Grant> does) {
    PassingOwner owner = new PassingOwner();
    Leases leases = bus.leases().hold(1, owner);
    does.accept(NumberedCaller.now(owner.given));
    leases.close();
  }

  @Override
  public void granted(Grant grant) {
    given.complete(grant);
  }

  @Override
  public void lost(CallId call) {}
}
