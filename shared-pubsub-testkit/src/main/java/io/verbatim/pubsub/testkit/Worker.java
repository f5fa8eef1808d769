package io.verbatim.pubsub.testkit;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A worker that takes calls and does nothing with them until the test says so.
final class Worker implements LeaseHolder, AutoCloseable {
  private static final int SECONDS = 15;

  private final Bus bus;
  private final BlockingQueue<Grant> granted = new LinkedBlockingQueue<>();
  private final Set<CallId> lost = ConcurrentHashMap.newKeySet();
  private final Leases leases;

  private Worker(Bus bus, int permits) {
    this.bus = bus;
    this.leases = bus.leases().hold(permits, this);
  }

  static Worker on(Bus bus, int permits) {
    return new Worker(bus, permits);
  }

  @Override
  public void granted(Grant grant) {
    granted.add(grant);
  }

  @Override
  public void lost(CallId call) {
    lost.add(call);
  }

  /// The next call this worker is given.
  Owner takes() {
    try {
      Grant grant = granted.poll(SECONDS, TimeUnit.SECONDS);
      if (grant == null) {
        throw new AssertionError("no call was granted within " + SECONDS + " s");
      }
      return new Owner(bus, grant);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// How many calls this worker was given that the test has not looked at.
  int waiting() {
    return granted.size();
  }

  /// The calls this worker was told it has lost.
  Set<CallId> lost() {
    return Set.copyOf(lost);
  }

  void release(Owner owner) {
    Answers.of(leases.release(owner.grant()).thenApply(_ -> true));
  }

  void reconsiders(Owner owner) {
    leases.reconsider(owner.grant());
  }

  void givesBack(Owner owner) {
    Answers.of(leases.giveBack(owner.grant()).thenApply(_ -> true));
  }

  void handsOver() {
    Answers.of(leases.handOver().thenApply(_ -> true));
  }

  /// Falls silent, as a crashed worker does.
  @Override
  public void close() {
    leases.close();
  }
}
