package io.verbatim.gateway.hub;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One subscriber's position in the call list: the calls that changed since it was last sent to. It
/// also adds a tail of each live call to the subscriber's sources.
final class CallListCursor extends Source {

  private final CallList list;
  private final Subscriber subscriber;
  private final @Nullable CallId inFull;
  private final @Nullable Function<CallRecord, FeedCursor> openTail;
  private final SequencedSet<CallId> changed;
  private final Set<CallId> shown = new HashSet<>();
  private final Map<CallId, FeedCursor> tails = new HashMap<>();
  private boolean complete;

  /// @param inFull the call that the subscriber follows in full, so that it needs no tail
  /// @param openTail opens a cursor at the last lines of a call; null for no lines
  CallListCursor(
      CallList list,
      Subscriber subscriber,
      @Nullable CallId inFull,
      @Nullable Function<CallRecord, FeedCursor> openTail) {
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
        FeedCursor tail = openTail.apply(entry.call());
        tails.put(call, tail);
        subscriber.add(tail);
      }
      if (!entry.isLive()) {
        tails.remove(call); // The subscriber removes it after the last lines were sent.
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
