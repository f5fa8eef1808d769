package io.verbatim.ingest.call;

import io.verbatim.ingest.call.CallEntry.Limit;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The calls that are not over in this instance, at most so many, and so many of one tenant. For
/// use by any thread.
///
/// A call leaves when its end is in the log or the call is somebody else's; a resumption takes the
/// place of the call it resumes. Those that have left may still hold audio until their transcripts
/// have ended, in the places that live ones leave free; else the first of them is forgotten.
public final class CallRegistry {
  private final int most;
  private final int mostOfOneTenant;
  private final CallTools tools;
  private final Supplier<String> tokens;
  private final Set<LiveCall> calls = new HashSet<>();
  private final Map<CallId, LiveCall> byId = new HashMap<>();
  private final Deque<LiveCall> settling = new ArrayDeque<>();
  private @Nullable CompletableFuture<Void> empty;
  private boolean closed;

  /// @param tokens gives each call's writer a fresh random name
  public CallRegistry(int most, int mostOfOneTenant, CallTools tools, Supplier<String> tokens) {
    this.most = most;
    this.mostOfOneTenant = mostOfOneTenant;
    this.tools = tools;
    this.tokens = tokens;
    tools.metrics().gaugeCalls(this::size, this::settling, this::bufferedBytes);
  }

  /// Opens a call, unless there are too many.
  ///
  /// @param resume whether a live call of that id is to be taken over
  public CallEntry open(CallStart start, boolean resume, CallListener listener) {
    LiveCall call;
    LiveCall older;
    synchronized (this) {
      older = resume ? takenUpBy(start) : null;
      Optional<Limit> full = older == null ? full(start.tenant()) : Optional.empty();
      if (closed || full.isPresent()) {
        return new CallEntry.Full(full.orElse(Limit.CALLS));
      }
      call = new LiveCall(start, tokens.get(), resume, tools, this::opened, listener);
      calls.add(call);
      if (older != null) {
        byId.put(start.call(), call);
      }
    }
    forgetBeyondPlaces();
    var _ = call.over().thenRun(() -> remove(call));
    if (resume) {
      call.resume(older == null ? HeldAudio.NONE : older.leave());
    } else {
      call.open();
    }
    return new CallEntry.In(call);
  }

  private @Nullable LiveCall takenUpBy(CallStart start) {
    LiveCall older = byId.get(start.call());
    return older != null && older.isTakenUpBy(start) ? older : null;
  }

  /// Whether one more call would be one too many.
  public synchronized boolean isFull() {
    return calls.size() >= most;
  }

  /// What one more call of the tenant would exceed.
  public synchronized Optional<Limit> full(String tenant) {
    if (isFull()) {
      return Optional.of(Limit.CALLS);
    }
    long ofTenant = calls.stream().filter(call -> call.tenant().equals(tenant)).count();
    return ofTenant >= mostOfOneTenant ? Optional.of(Limit.CALLS_OF_THE_TENANT) : Optional.empty();
  }

  /// Whether the call is one of these.
  public synchronized boolean has(CallId id) {
    return byId.containsKey(id);
  }

  /// Whether any of these could be taken up by a new socket.
  public synchronized boolean hasResumable() {
    return calls.stream().anyMatch(LiveCall::isResumable);
  }

  public synchronized int size() {
    return calls.size();
  }

  /// How many have left and may still hold audio.
  private synchronized long settling() {
    return settling.stream().filter(call -> !call.isSettled()).count();
  }

  /// Completes when no call is left.
  public synchronized CompletionStage<Void> empty() {
    if (calls.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    empty = empty == null ? new CompletableFuture<>() : empty;
    return empty;
  }

  /// Ends every call there is, and takes no more.
  public void endAll(String reason) {
    List<LiveCall> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(calls);
    }
    all.forEach(call -> call.end(reason));
  }

  /// Audio of all calls in memory.
  public long bufferedBytes() {
    List<LiveCall> all;
    synchronized (this) {
      all = Stream.concat(calls.stream(), settling.stream()).toList();
    }
    return all.stream().mapToLong(LiveCall::bufferedBytes).sum();
  }

  /// A call has its id: whoever had it before, in a log that has forgotten it since, has it no
  /// more.
  private void opened(LiveCall call) {
    LiveCall older = null;
    synchronized (this) {
      if (calls.contains(call)) {
        older = byId.put(call.id(), call);
      }
    }
    if (older != null && older != call) {
      older.giveUp();
    }
  }

  private void remove(LiveCall call) {
    CompletableFuture<Void> waited = null;
    synchronized (this) {
      settling.removeIf(LiveCall::isSettled);
      if (!call.isSettled()) {
        settling.add(call);
      }
      calls.remove(call);
      byId.values().remove(call);
      if (calls.isEmpty()) {
        waited = empty;
        empty = null;
      }
    }
    forgetBeyondPlaces();
    if (waited != null) {
      waited.complete(null);
    }
  }

  private void forgetBeyondPlaces() {
    List<LiveCall> forgotten = new ArrayList<>();
    synchronized (this) {
      while (!settling.isEmpty() && calls.size() + settling.size() > most) {
        forgotten.add(settling.remove());
      }
    }
    forgotten.forEach(LiveCall::forget);
  }
}
