package io.verbatim.ingest.call;

import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.message.WriteResult.Written;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Sends a heartbeat of the call's writer to the log at each interval, with or without audio, and
/// announces the call again if it has had no owner for a whole interval. Confined to the event
/// loop.
final class Heartbeat {
  private final AudioLog log;
  private final CallContext context;
  private final AudioAppender appender;
  private boolean inFlight;

  /// Consecutive answers without an owner of the call; opening the call counts as one.
  private int unowned = 1;

  private Heartbeat(CallContext context, AudioAppender appender) {
    this.context = context;
    this.appender = appender;
    log = context.log();
  }

  /// Starts the heartbeat. It stops when the appender is finished.
  static void start(CallContext context, AudioAppender appender) {
    new Heartbeat(context, appender).schedule();
  }

  private void schedule() {
    context.delays().after(context.settings().heartbeatInterval(), this::send);
  }

  private void send() {
    if (appender.isFinished()) {
      return;
    }
    schedule();
    if (!appender.isOpen() || inFlight) {
      return;
    }
    inFlight = true;
    CallId call = appender.start().call();
    CompletionStage<WriteResult<CallProgress>> answer;
    try {
      answer = log.heartbeat(call, appender.writer());
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var _ = answer.whenComplete((result, _) -> answered(call, result));
  }

  /// A heartbeat without an answer is repeated at the next interval.
  private void answered(CallId call, @Nullable WriteResult<CallProgress> result) {
    inFlight = false;
    if (result == null) {
      return;
    }
    appender.onHeartbeat(result);
    if (result instanceof Written<CallProgress>(CallProgress progress)) {
      unowned = progress.owned() ? 0 : unowned + 1;
      if (unowned >= 2) {
        unowned = 1;
        var _ = log.announce(call);
      }
    }
  }
}
