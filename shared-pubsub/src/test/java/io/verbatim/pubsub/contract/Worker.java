package io.verbatim.pubsub.contract;

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

/// A worker that claims calls and leaves them to the test.
public final class Worker implements LeaseHolder, AutoCloseable {
  private static final int SECONDS = 15;

  private final Bus bus;
  private final BlockingQueue<Grant> granted = new LinkedBlockingQueue<>();
  private final Set<CallId> lost = ConcurrentHashMap.newKeySet();
  private final Leases leases;

  private Worker(Bus bus, int permits) {
    this.bus = bus;
    this.leases = bus.leases().hold(permits, this);
  }

  public static Worker on(Bus bus, int permits) {
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

  /// Waits for the next granted call.
  public Owner awaitGrant() {
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

  /// The number of granted calls that the test has not polled.
  public int unpolled() {
    return granted.size();
  }

  /// The calls that this worker has lost.
  public Set<CallId> lost() {
    return Set.copyOf(lost);
  }

  public void release(Owner owner) {
    Answers.of(leases.release(owner.grant()).thenApply(_ -> true));
  }

  public void revalidate(Owner owner) {
    leases.revalidate(owner.grant());
  }

  public void giveBack(Owner owner) {
    Answers.of(leases.giveBack(owner.grant()).thenApply(_ -> true));
  }

  public void stopClaiming() {
    Answers.of(leases.stopClaiming().thenApply(_ -> true));
  }

  public void handOver() {
    Answers.of(leases.handOver().thenApply(_ -> true));
  }

  /// Stops without handing over, as a crashed worker does.
  @Override
  public void close() {
    leases.close();
  }
}
