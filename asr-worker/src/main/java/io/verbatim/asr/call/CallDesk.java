package io.verbatim.asr.call;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where calls come in and go out: it holds the calls this worker owns, each from its grant until
/// it has ended, is lost or is handed over. There are never more than the permits.
public final class CallDesk implements LeaseHolder {
  private static final Logger log = LoggerFactory.getLogger(CallDesk.class);
  private static final Duration RELEASE_RETRY = Duration.ofMillis(500);

  private final CallTools tools;
  private final Map<CallId, OwnedCall> calls = new HashMap<>();
  private @Nullable Leases leases;
  private boolean leaving;

  public CallDesk(CallTools tools) {
    this.tools = tools;
  }

  /// Takes calls from now on.
  public void open() {
    tools
        .loop()
        .execute(() -> {
          int permits = tools.settings().permits();
          leases = tools.bus().leases().hold(permits, this);
          log.info("calls.consuming permits={}", permits);
        });
  }

  @Override
  public void granted(Grant grant) {
    tools.loop().execute(() -> take(grant));
  }

  @Override
  public void lost(CallId call) {
    tools
        .loop()
        .execute(() -> {
          OwnedCall owned = calls.get(call);
          if (owned != null) {
            owned.forget();
            remove(owned);
          }
        });
  }

  private void take(Grant grant) {
    if (leaving) {
      return;
    }
    OwnedCall before = calls.get(grant.call());
    if (before != null) {
      before.forget();
      remove(before);
    }
    log.info(
        "call.taken callId={} epoch={} takes={} covered={}",
        grant.call(),
        grant.epoch(),
        grant.deliveryCount(),
        grant.covered());
    if (PoisonousCall.is(grant)) {
      PoisonousCall.layAside(grant, tools, () -> release(grant.call()));
      return;
    }
    OwnedCall call = new OwnedCall(grant, tools, this::over);
    calls.put(grant.call(), call);
    tools.metrics().callTaken(grant.epoch() > 1);
    call.begin();
  }

  private void over(OwnedCall call, boolean finished) {
    remove(call);
    if (finished) {
      release(call.call());
    } else if (leases != null) {
      leases.reconsider(call.call());
    }
  }

  private void remove(OwnedCall call) {
    if (calls.remove(call.call(), call)) {
      tools.metrics().callLeft();
    }
  }

  private void release(CallId call) {
    Leases held = leases;
    if (held == null || calls.containsKey(call)) {
      return;
    }
    held.release(call)
        .whenComplete((done, error) -> {
          if (error != null) {
            tools.loop().after(RELEASE_RETRY, () -> release(call));
          }
        });
  }

  /// Hands every call over to other workers: stops their audio, waits for the words under way, puts
  /// the calls back and only then drops the recogniser's sockets, without a farewell.
  ///
  /// Completes when that is done, at the latest after `patience`.
  public CompletionStage<Void> handOver(Duration patience) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    tools
        .loop()
        .execute(() -> {
          leaving = true;
          CompletableFuture<?>[] pauses =
              calls.values().stream()
                  .map(call -> call.pause().toCompletableFuture())
                  .toArray(CompletableFuture<?>[]::new);
          int count = calls.size();
          // One call that cannot finish its write must not keep the others here.
          CompletableFuture.allOf(pauses)
              .completeOnTimeout(null, patience.toMillis() / 2, TimeUnit.MILLISECONDS)
              .thenCompose(idle -> putBack())
              .whenComplete((_, error) -> tools.loop().execute(() -> left(count, error, done)));
          tools.loop().after(patience, () -> left(count, new TimeoutException(), done));
        });
    return done;
  }

  private CompletionStage<Void> putBack() {
    Leases held = leases;
    return held == null ? CompletableFuture.completedStage(null) : held.handOver();
  }

  private void left(int count, @Nullable Throwable error, CompletableFuture<Void> done) {
    if (done.isDone()) {
      return;
    }
    for (OwnedCall call : List.copyOf(calls.values())) {
      call.forget();
      remove(call);
    }
    Leases held = leases;
    if (held != null) {
      held.close();
    }
    if (error == null || count == 0) {
      log.info("calls.handed_over count={}", count);
    } else {
      log.warn("calls.not_handed_over count={}: their lease runs out instead", count);
    }
    done.complete(null);
  }
}
