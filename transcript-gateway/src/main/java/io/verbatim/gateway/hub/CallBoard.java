package io.verbatim.gateway.hub;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.gateway.view.CallView;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.DirectoryReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest calls as they come, change and go, each encoded once per kind of reader.
final class CallBoard {

  private static final Logger log = LoggerFactory.getLogger(CallBoard.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /// @param open the event for operators
  /// @param masked the event for everybody else, without whole phone numbers
  record Card(CallRecord call, SseEvent open, SseEvent masked, long version) {
    boolean isLive() {
      return call.state() == CallRecord.State.LIVE;
    }
  }

  private final HubThread thread;
  private final GatewayMetrics metrics;
  private final DirectoryReader reader;
  private final Runnable changed;
  private final Map<CallId, Card> cards = new LinkedHashMap<>();
  private boolean loaded;
  private long version;

  /// @param changed told after each change
  CallBoard(
      CallDirectory directory,
      int limit,
      HubThread thread,
      GatewayMetrics metrics,
      Runnable changed) {
    this.thread = thread;
    this.metrics = metrics;
    this.changed = changed;
    this.reader = directory.follow(limit);
  }

  void open() {
    pull();
  }

  /// Whether the list has been read at least once.
  boolean isLoaded() {
    return loaded;
  }

  long version() {
    return version;
  }

  Collection<Card> cards() {
    return cards.values();
  }

  @Nullable Card card(CallId call) {
    return cards.get(call);
  }

  void close() {
    reader.close();
  }

  private void pull() {
    reader.next().whenComplete((calls, failure) -> thread.execute(() -> pulled(calls, failure)));
  }

  private void pulled(@Nullable List<CallRecord> calls, @Nullable Throwable failure) {
    if (calls == null) {
      log.debug("directory.unread", failure);
      thread.after(PAUSE_AFTER_FAILURE, this::pull);
      return;
    }
    replace(calls);
    if (!loaded) {
      loaded = true;
      log.info("transcript.consuming calls={}", calls.size());
    }
    pull();
    changed.run();
  }

  private void replace(List<CallRecord> calls) {
    Set<CallId> present = calls.stream().map(CallRecord::call).collect(Collectors.toSet());
    for (CallId gone : new HashSet<>(cards.keySet())) {
      if (!present.contains(gone)) {
        cards.remove(gone);
        version++;
      }
    }
    for (CallRecord call : calls) {
      Card known = cards.get(call.call());
      if (isNewEnd(known, call)) {
        metrics.callEnded(call);
      }
      if (known == null || !known.call.equals(call)) {
        cards.put(call.call(), card(call));
      }
    }
  }

  /// What had ended before this board's first look was another's to count.
  private boolean isNewEnd(@Nullable Card known, CallRecord call) {
    boolean ended = call.state() == CallRecord.State.ENDED;
    return ended && (known == null ? loaded : known.isLive());
  }

  private Card card(CallRecord call) {
    metrics.encoded();
    return new Card(
        call,
        TranscriptEvents.call(CallView.of(call, true)),
        TranscriptEvents.call(CallView.of(call, false)),
        ++version);
  }
}
