package io.verbatim.gateway.hub;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/// Keeps a subscriber waiting until its call has begun, and admits it only where its viewer may see
/// the call. A viewer who may not is told nothing: the stream just ends.
final class CallAdmission {

  private final Subscriber subscriber;
  private final CallId call;
  private final Function<CallId, CompletionStage<Optional<CallRecord>>> directory;
  private final Supplier<FeedCursor> begin;
  private boolean asking;
  private boolean decided;

  /// @param directory finds a call; identical lookups share one answer
  /// @param begin begins at the subscriber's position in the call's feed
  CallAdmission(
      Subscriber subscriber,
      CallId call,
      Function<CallId, CompletionStage<Optional<CallRecord>>> directory,
      Supplier<FeedCursor> begin) {
    this.subscriber = subscriber;
    this.call = call;
    this.directory = directory;
    this.begin = begin;
  }

  /// Whether nothing remains to be checked.
  boolean isDecided() {
    return decided || subscriber.isDone();
  }

  /// Asks the directory whether the call has begun, unless that is known or being asked.
  void check() {
    if (asking || isDecided()) {
      return;
    }
    asking = true;
    directory
        .apply(call)
        .whenComplete((found, failure) -> {
          asking = false;
          if (failure == null) {
            found.ifPresent(this::decide);
          }
        });
  }

  /// Admits or refuses the subscriber.
  void decide(CallRecord found) {
    if (isDecided()) {
      return;
    }
    decided = true;
    if (subscriber.viewer().sees(found.start().tenant())) {
      subscriber.follow(begin.get());
    } else {
      subscriber.refuse();
    }
  }
}
