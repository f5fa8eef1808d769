package io.verbatim.local.caller;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// A call that is being played. Thread-safe.
public final class OngoingCall {
  private final String callId;
  private final Sinks.Empty<Void> hangUpRequested = Sinks.empty();
  private final AtomicBoolean dropped = new AtomicBoolean();
  private final CompletableFuture<CallEnd> ended = new CompletableFuture<>();

  OngoingCall(String callId) {
    this.callId = callId;
  }

  /// The call id that the service uses.
  public String callId() {
    return callId;
  }

  /// Completes when the connection is closed; fails if the service refused the call.
  public CompletionStage<CallEnd> ended() {
    return ended;
  }

  /// Ends the call before the end of the recording, with a stop message.
  public void hangUp() {
    hangUpRequested.tryEmitEmpty();
  }

  /// Drops the connection without a stop message.
  public void drop() {
    dropped.set(true);
    hangUpRequested.tryEmitEmpty();
  }

  Mono<Void> hangUpRequested() {
    return hangUpRequested.asMono();
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
