package io.verbatim.gateway.hub;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One subscriber's view of the call list: the calls that have changed since it was last sent to.
/// It adds the last lines of each live call to what the subscriber follows.
final class CallListCursor extends Source {

  private final CallList list;
  private final Subscriber subscriber;
  private final @Nullable CallId inFull;
  private final @Nullable Function<CallId, FeedCursor> openTail;
  private final SequencedSet<CallId> changed;
  private final Set<CallId> shown = new HashSet<>();
  private final Map<CallId, FeedCursor> tails = new HashMap<>();
  private boolean complete;

  /// @param inFull the call that the subscriber follows in full, so that it needs no tail
  /// @param openTail begins at the end of a call's transcript; null where no lines are wanted
  CallListCursor(
      CallList list,
      Subscriber subscriber,
      @Nullable CallId inFull,
      @Nullable Function<CallId, FeedCursor> openTail) {
    this.list = list;
    this.subscriber = subscriber;
    this.inFull = inFull;
    this.openTail = openTail;
    this.changed = new LinkedHashSet<>(list.calls());
    list.attach(this);
  }

  void listChanged(Collection<CallId> calls) {
    changed.addAll(calls);
    subscriber.changed(this);
  }

  @Override
  boolean sendTo(SseConnection connection) {
    while (!changed.isEmpty()) {
      if (!connection.isWritable()) {
        return false;
      }
      send(changed.removeFirst(), connection);
    }
    if (!complete && list.isLoaded()) {
      complete = true;
      connection.write(TranscriptEvents.listCaughtUp());
    }
    return true;
  }

  private void send(CallId call, SseConnection connection) {
    CallList.Entry entry = list.entry(call);
    if (entry == null) {
      if (shown.remove(call)) {
        closeTail(call);
        connection.write(TranscriptEvents.callGone(call));
      }
    } else if (subscriber.viewer().sees(entry.call().start().tenant())) {
      connection.write(entry.event(subscriber.viewer().has(Viewer.OPS)));
      if (shown.add(call) && openTail != null && entry.isLive() && !call.equals(inFull)) {
        FeedCursor tail = openTail.apply(call);
        tails.put(call, tail);
        subscriber.add(tail);
      }
      if (!entry.isLive()) {
        tails.remove(call); // The subscriber drops it when the last lines have been sent.
      }
    }
  }

  private void closeTail(CallId call) {
    FeedCursor tail = tails.remove(call);
    if (tail != null) {
      subscriber.remove(tail);
    }
  }

  @Override
  long waitingBytes() {
    return 0;
  }

  @Override
  boolean isFinished() {
    return false;
  }

  @Override
  void close() {
    list.detach(this);
    tails.clear();
  }
}
