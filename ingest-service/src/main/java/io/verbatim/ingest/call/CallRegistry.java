package io.verbatim.ingest.call;

import io.verbatim.ingest.call.AdmissionResult.Admitted;
import io.verbatim.ingest.call.AdmissionResult.Limit;
import io.verbatim.ingest.call.AdmissionResult.Rejected;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import java.util.ArrayDeque;
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
import org.jspecify.annotations.Nullable;

/// The calls of this instance that are not over, at most so many, and so many of one tenant.
/// Confined to the event loop, except for [#size].
///
/// A call leaves when its end is in the log or when it belongs to another process; a resumed call
/// takes the place of the one it resumes. Calls that have left may still hold audio until their
/// transcripts have ended, in the places that live ones leave free; else the oldest is forgotten.
public final class CallRegistry {
  private final int max;
  private final int maxOfOneTenant;
  private final CallContext context;
  private final Supplier<String> tokens;
  private final Set<CallSession> calls = new HashSet<>();
  private final Map<CallId, CallSession> byId = new HashMap<>();
  private final Deque<CallSession> settling = new ArrayDeque<>();
  private final CallSession.Owner owner = new Account();
  private CompletableFuture<Void> empty = new CompletableFuture<>();
  private boolean closed;

  /// @param tokens gives each call's writer a fresh random name
  public CallRegistry(int max, int maxOfOneTenant, CallContext context, Supplier<String> tokens) {
    this.max = max;
    this.maxOfOneTenant = maxOfOneTenant;
    this.context = context;
    this.tokens = tokens;
    context.metrics().gaugeCalls(calls::size, settling::size);
  }

  /// Admits a call, unless there are too many. The caller opens the session.
  ///
  /// @param resume whether a live call of that id is to be taken over
  public AdmissionResult admit(CallStart start, boolean resume, CallListener listener) {
    CallSession older = resume ? resumedBy(start) : null;
    Optional<Limit> full = older == null ? full(start.tenant()) : Optional.empty();
    if (closed || full.isPresent()) {
      return new Rejected(full.orElse(Limit.CALLS));
    }
    CallSession session = new CallSession(start, tokens.get(), resume, context, owner, listener);
    calls.add(session);
    if (older != null) {
      session.inheritFrom(older);
      byId.put(start.call(), session);
    }
    forgetBeyondPlaces();
    return new Admitted(session);
  }

  private @Nullable CallSession resumedBy(CallStart start) {
    CallSession older = byId.get(start.call());
    return older != null && older.isResumedBy(start) ? older : null;
  }

  /// Whether one more call would be one too many.
  public boolean isFull() {
    return calls.size() >= max;
  }

  /// What one more call of the tenant would exceed.
  public Optional<Limit> full(String tenant) {
    if (isFull()) {
      return Optional.of(Limit.CALLS);
    }
    long ofTenant = calls.stream().filter(call -> call.tenant().equals(tenant)).count();
    return ofTenant >= maxOfOneTenant ? Optional.of(Limit.CALLS_OF_THE_TENANT) : Optional.empty();
  }

  /// Whether the call is one of these.
  public boolean has(CallId id) {
    return byId.containsKey(id);
  }

  /// Whether any of these could be resumed by a new connection.
  public boolean hasResumable() {
    return calls.stream().anyMatch(CallSession::isResumable);
  }

  /// How many calls there are. On any thread; there the number may be a moment old.
  public int size() {
    return calls.size();
  }

  /// Completes when no call is left.
  public CompletionStage<Void> empty() {
    if (calls.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return empty;
  }

  /// Ends every call there is, and admits no more.
  public void endAll(String reason) {
    closed = true;
    List.copyOf(calls).forEach(call -> call.end(reason));
  }

  private void forgetBeyondPlaces() {
    while (!settling.isEmpty() && calls.size() + settling.size() > max) {
      settling.remove().forget();
    }
  }

  private final class Account implements CallSession.Owner {
    /// A session that had the id before, in a log that has forgotten it since, has it no longer.
    @Override
    public void opened(CallSession session) {
      CallSession older = calls.contains(session) ? byId.put(session.id(), session) : null;
      if (older != null && !older.equals(session)) {
        older.giveUp();
      }
    }

    @Override
    public void over(CallSession session) {
      calls.remove(session);
      byId.values().remove(session);
      if (!session.isSettled()) {
        settling.add(session);
      }
      forgetBeyondPlaces();
      if (calls.isEmpty()) {
        CompletableFuture<Void> waited = empty;
        empty = new CompletableFuture<>();
        waited.complete(null);
      }
    }

    @Override
    public void settled(CallSession session) {
      settling.remove(session);
    }
  }
}
