package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.EraseOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Every call until its transcript expires, and the listeners that wait for changes.
final class Calls {
  /// The key that is notified when the directory has changed.
  static final Object DIRECTORY = "directory";

  private static final Comparator<Call> NEWEST_FIRST =
      Comparator.comparing(Call::lastActivity).thenComparing(Call::id).reversed();

  final InvalidationListeners listeners = new InvalidationListeners();

  private final BusThread thread;
  private final Duration transcriptRetention;
  private final Map<CallId, Call> calls = new HashMap<>();
  private long version;

  Calls(BusThread thread, Duration transcriptRetention) {
    this.thread = thread;
    this.transcriptRetention = transcriptRetention;
  }

  Optional<Call> find(CallId id) {
    return Optional.ofNullable(calls.get(id));
  }

  List<Call> newest(int limit) {
    return calls.values().stream().sorted(NEWEST_FIRST).limit(limit).toList();
  }

  /// Grows with every change of the directory.
  long version() {
    return version;
  }

  void add(Call call) {
    calls.put(call.id(), call);
    changed();
  }

  /// Applies a request to a call and notifies its readers. Returns `gone` if the call is unknown.
  <R> R change(CallId id, R gone, Function<Call, R> request) {
    Call call = calls.get(id);
    if (call == null) {
      return gone;
    }
    boolean hadEnded = call.hasEnded();
    R outcome = request.apply(call);
    if (call.hasEnded() && !hadEnded) {
      call.changed(Instant.now());
      thread.schedule(transcriptRetention, () -> expire(id));
      changed();
    } else if (!hadEnded && call.active(Instant.now())) {
      changed();
    }
    listeners.notifyReaders(id);
    return outcome;
  }

  /// Records a change that the list of calls shows.
  void touch(CallId id) {
    find(id)
        .ifPresent(call -> {
          call.changed(Instant.now());
          changed();
        });
  }

  /// Removes a call that has ended.
  EraseOutcome erase(CallId id) {
    Call call = calls.get(id);
    if (call == null) {
      return EraseOutcome.UNKNOWN;
    }
    if (!call.hasEnded()) {
      return EraseOutcome.LIVE;
    }
    expire(id);
    listeners.notifyReaders(id);
    return EraseOutcome.ERASED;
  }

  private void expire(CallId id) {
    calls.remove(id);
    changed();
  }

  private void changed() {
    version++;
    listeners.notifyReaders(DIRECTORY);
  }
}
