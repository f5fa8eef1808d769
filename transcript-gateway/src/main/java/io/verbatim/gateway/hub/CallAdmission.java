package io.verbatim.gateway.hub;

import io.verbatim.gateway.calls.FoundCall;
import io.verbatim.pubsub.message.CallId;
import java.util.function.Consumer;

/// Keeps a subscriber waiting until its call has begun, and admits it if its viewer may see the
/// call. Otherwise the stream ends without a further event.
final class CallAdmission {

  private final Subscriber subscriber;
  private final CallId call;
  private final CallFinder calls;
  private final Consumer<FoundCall> begin;
  private boolean isLookingUp;
  private boolean isDecided;

  /// @param begin opens a cursor at the subscriber's position in the call's feed
  CallAdmission(Subscriber subscriber, CallId call, CallFinder calls, Consumer<FoundCall> begin) {
    this.subscriber = subscriber;
    this.call = call;
    this.calls = calls;
    this.begin = begin;
  }

  /// Whether the subscriber was admitted or refused, or its stream has ended.
  boolean isDecided() {
    return isDecided || subscriber.isDone();
  }

  /// Looks the call up, unless it was found or a lookup is under way.
  void check() {
    if (isLookingUp || isDecided()) {
      return;
    }
    isLookingUp = true;
    calls
        .find(call, subscriber.viewer())
        .whenComplete((found, failure) -> {
          isLookingUp = false;
          if (failure == null) {
            found.ifPresent(this::decide);
          }
        });
  }

  /// Admits or refuses the subscriber.
  void decide(FoundCall found) {
    if (isDecided()) {
      return;
    }
    isDecided = true;
    if (subscriber.viewer().sees(found.record().start().tenant())) {
      begin.accept(found);
    } else {
      subscriber.refuse();
    }
  }
}
