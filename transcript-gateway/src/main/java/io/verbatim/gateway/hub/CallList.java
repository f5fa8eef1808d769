package io.verbatim.gateway.hub;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.gateway.view.CallView;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.DirectoryReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest calls. Cursors are notified only of calls that begin, change or expire.
final class CallList {

  private static final Logger logger = LoggerFactory.getLogger(CallList.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /// Between two reads of the list, so that the cost does not grow with the number of changes. The
  /// first change after a pause is read at once.
  private static final Duration INTERVAL = Duration.ofMillis(100);

  /// One call, encoded on first use, once with full and once with masked phone numbers.
  final class Entry {
    private final CallRecord call;
    private @Nullable SseEvent full;
    private @Nullable SseEvent masked;

    private Entry(CallRecord call) {
      this.call = call;
    }

    CallRecord call() {
      return call;
    }

    boolean isLive() {
      return call.state() == CallRecord.State.LIVE;
    }

    /// @param fullNumbers whether the viewer may see full phone numbers
    SseEvent event(boolean fullNumbers) {
      SseEvent known = fullNumbers ? full : masked;
      if (known != null) {
        return known;
      }
      metrics.encoded(1);
      SseEvent event = TranscriptEvents.call(CallView.of(call, fullNumbers));
      if (fullNumbers) {
        full = event;
      } else {
        masked = event;
      }
      return event;
    }
  }

  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final DirectoryReader reader;
  private final Consumer<CallRecord> changed;
  private final Consumer<CallRecord> ended;
  private final Map<CallId, Entry> entries = new LinkedHashMap<>();
  private final Set<CallListCursor> cursors = new LinkedHashSet<>();
  private boolean loaded;

  /// @param changed notified of each call that began or changed
  /// @param ended notified of each call that ended
  CallList(
      CallDirectory directory,
      int limit,
      EventLoop loop,
      GatewayMetrics metrics,
      Consumer<CallRecord> changed,
      Consumer<CallRecord> ended) {
    this.loop = loop;
    this.metrics = metrics;
    this.changed = changed;
    this.ended = ended;
    this.reader = directory.follow(limit);
  }

  void open() {
    reader.next().whenComplete(this::received);
  }

  /// Whether the list has been read at least once.
  boolean isLoaded() {
    return loaded;
  }

  Set<CallId> calls() {
    return entries.keySet();
  }

  @Nullable Entry entry(CallId call) {
    return entries.get(call);
  }

  void attach(CallListCursor cursor) {
    cursors.add(cursor);
  }

  void detach(CallListCursor cursor) {
    cursors.remove(cursor);
  }

  void close() {
    reader.close();
  }

  private void received(@Nullable List<CallRecord> calls, @Nullable Throwable failure) {
    if (calls == null) {
      logger.debug("directory.read_failed", failure);
      loop.after(PAUSE_AFTER_FAILURE, this::open);
      return;
    }
    List<CallId> changes = replace(calls);
    if (!loaded) {
      loaded = true;
      logger.info("transcript.consuming calls={}", calls.size());
    }
    changes.forEach(this::report);
    Slices.forEach(
        loop,
        List.copyOf(cursors),
        1,
        cursor -> cursor.listChanged(changes),
        () -> loop.after(INTERVAL, this::open));
  }

  private void report(CallId call) {
    Entry entry = entries.get(call);
    if (entry != null) {
      changed.accept(entry.call);
    }
  }

  /// Returns the calls that have expired, then those that began or changed.
  private List<CallId> replace(List<CallRecord> calls) {
    Set<CallId> present = calls.stream().map(CallRecord::call).collect(Collectors.toSet());
    List<CallId> changes = new ArrayList<>();
    entries.keySet().stream().filter(call -> !present.contains(call)).forEach(changes::add);
    entries.keySet().retainAll(present);
    for (CallRecord call : calls) {
      Entry known = entries.get(call.call());
      if (known == null || !known.call.equals(call)) {
        reportEnd(known, call);
        entries.put(call.call(), new Entry(call));
        changes.add(call.call());
      }
    }
    return changes;
  }

  /// Counts and reports a call that ended. Calls that had ended before the first read are left out.
  private void reportEnd(@Nullable Entry known, CallRecord call) {
    boolean wasLive = known == null ? loaded : known.isLive();
    if (wasLive && call.state() == CallRecord.State.ENDED) {
      metrics.callEnded(call);
      ended.accept(call);
    }
  }
}
