package io.verbatim.asr.assignment;

import io.verbatim.asr.call.CallContext;
import io.verbatim.asr.call.OwnedCall;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The calls this worker owns, each from its grant until it ends, is lost or is handed over; at
/// most `CallSettings.permits` calls. Confined to the event loop, except for [#open] and
/// [#handOver].
public final class CallAssignments implements LeaseHolder {
  private static final Logger logger = LoggerFactory.getLogger(CallAssignments.class);
  private static final Duration RELEASE_RETRY = Duration.ofMillis(500);

  private final CallContext context;
  private final Map<CallId, OwnedCall> calls = new HashMap<>();
  private @Nullable Leases leases;

  public CallAssignments(CallContext context) {
    this.context = context;
  }

  /// Starts to claim calls. Thread-safe.
  public void open() {
    context
        .loop()
        .execute(() -> {
          int permits = context.settings().permits();
          leases = context.bus().leases().hold(permits, this);
          logger.info("calls.consuming permits={}", permits);
        });
  }

  @Override
  public void granted(Grant grant) {
    abort(calls.get(grant.call()));
    logger.info(
        "call.claimed callId={} epoch={} deliveries={} covered={}",
        grant.call(),
        grant.epoch(),
        grant.deliveryCount(),
        grant.covered());
    if (PoisonCall.is(grant)) {
      PoisonCall.deadLetter(grant, context, () -> release(grant));
      return;
    }
    OwnedCall call = new OwnedCall(grant, context, this::closed);
    calls.put(grant.call(), call);
    context.metrics().callClaimed(grant.epoch() > 1);
    call.start();
  }

  @Override
  public void lost(CallId call) {
    context.metrics().leaseLost();
    abort(calls.get(call));
  }

  private void abort(@Nullable OwnedCall call) {
    if (call != null) {
      call.abort();
      remove(call);
    }
  }

  private void closed(OwnedCall call, boolean finished) {
    remove(call);
    if (finished) {
      release(call.grant());
    } else if (leases != null) {
      leases.revalidate(call.grant());
    }
  }

  private void remove(OwnedCall call) {
    if (calls.remove(call.call(), call)) {
      context.metrics().callReleased();
    }
  }

  private void release(Grant grant) {
    if (leases == null) {
      return;
    }
    leases
        .release(grant)
        .whenComplete((_, error) -> {
          if (error != null) {
            context.loop().after(RELEASE_RETRY, () -> release(grant));
          }
        });
  }

  /// Hands every call over to other workers: stops reading and sending its audio, waits for the
  /// writes in flight, returns the call so that another worker claims it at once, and only then
  /// drops the connection to the recogniser, without a close frame. Thread-safe.
  ///
  /// Completes when all calls are handed over, at the latest after the timeout.
  public CompletionStage<Void> handOver(Duration timeout) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.loop().execute(() -> handOver(timeout, done));
    return done;
  }

  private void handOver(Duration timeout, CompletableFuture<Void> done) {
    if (leases != null) {
      var _ = leases.stopClaiming(); // The calls that begin meanwhile go to other workers.
    }
    int count = calls.size();
    CompletableFuture<Void> paused =
        CompletableFuture.allOf(
            calls.values().stream()
                .map(call -> call.pause().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    // A call that cannot finish its write must not delay the others.
    context.loop().after(timeout.dividedBy(2), () -> paused.complete(null));
    context.loop().after(timeout, () -> handedOver(count, "timeout", done));
    paused
        .thenCompose(_ -> handOverLeases())
        .whenComplete((_, error) ->
            handedOver(count, error == null ? "" : String.valueOf(error.getMessage()), done));
  }

  private CompletionStage<Void> handOverLeases() {
    return leases == null ? CompletableFuture.completedStage(null) : leases.handOver();
  }

  /// @param problem empty if all calls were handed over
  private void handedOver(int count, String problem, CompletableFuture<Void> done) {
    if (done.isDone()) {
      return;
    }
    List.copyOf(calls.values()).forEach(this::abort);
    if (leases != null) {
      leases.close();
    }
    if (problem.isEmpty() || count == 0) {
      logger.info("calls.handed_over calls={}", count);
    } else {
      logger.warn(
          "calls.handover_failed calls={} reason=\"{}\" effect=\"leases expire\"", count, problem);
    }
    done.complete(null);
  }
}
