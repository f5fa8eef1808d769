package io.verbatim.ingest.call;

import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.message.WriteResult.Written;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Tells the log at every interval that a call's writer lives, audio or not; and announces the call
/// again when it has been without an owner for a whole interval.
final class SignsOfLife {
  private final AudioLog log;
  private final CallWriter writer;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final ScheduledFuture<?> schedule;

  /// How many answers in a row said that nobody owns the call; a call that opens is one.
  private int unowned = 1;

  private SignsOfLife(CallTools tools, CallWriter writer) {
    log = tools.log();
    this.writer = writer;
    long nanos = tools.settings().aliveInterval().toNanos();
    schedule = tools.timer().scheduleWithFixedDelay(this::tell, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /// Gives them from now on, until the writer has nothing left to do or to keep.
  static void give(CallTools tools, CallWriter writer) {
    var _ = new SignsOfLife(tools, writer);
  }

  private void tell() {
    if (writer.isFinished()) {
      schedule.cancel(false);
    }
    if (!writer.isOpen() || !asking.compareAndSet(false, true)) {
      return;
    }
    CallId call = writer.start().call();
    CompletionStage<WriteResult<CallProgress>> answer;
    try {
      answer = log.heartbeat(call, writer.writer());
    } catch (RuntimeException e) {
      // Nothing may escape from here: a schedule whose step fails once is never run again.
      answer = CompletableFuture.failedFuture(e);
    }
    var _ =
        answer.whenComplete((outcome, _) -> {
          asking.set(false);
          answered(call, outcome);
        });
  }

  /// An answer that did not come is asked for again at the next interval.
  private void answered(CallId call, @Nullable WriteResult<CallProgress> outcome) {
    if (outcome == null) {
      return;
    }
    writer.noteLife(outcome);
    if (outcome instanceof Written(CallProgress(boolean owned, _, _, _))) {
      unowned = owned ? 0 : unowned + 1;
      if (unowned >= 2) {
        unowned = 1;
        log.announce(call);
      }
    }
  }
}
