package io.verbatim.local.caller;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// A call that is being played. Thread-safe.
public final class OngoingCall {
  private final String callId;
  private final Sinks.Empty<Void> leaving = Sinks.empty();
  private final AtomicBoolean dropped = new AtomicBoolean();
  private final CompletableFuture<CallEnd> ended = new CompletableFuture<>();

  OngoingCall(String callId) {
    this.callId = callId;
  }

  /// The name under which the service knows the call.
  public String callId() {
    return callId;
  }

  /// Completes when the line is down; fails when the service refused the call.
  public CompletionStage<CallEnd> ended() {
    return ended;
  }

  /// Ends the call before the recording does, politely.
  public void hangUp() {
    leaving.tryEmitEmpty();
  }

  /// Drops the line in mid-frame, without a word.
  public void drop() {
    dropped.set(true);
    leaving.tryEmitEmpty();
  }

  Mono<Void> leaving() {
    return leaving.asMono();
  }

  boolean isDropped() {
    return dropped.get();
  }

  void end(CallEnd end) {
    ended.complete(end);
  }

  void fail(Throwable cause) {
    ended.completeExceptionally(cause);
  }
}
