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

/// The live calls of this instance, limited in total and per tenant. Confined to the event loop,
/// except for [#size].
///
/// A call is removed when its end is in the log or when another process owns it. A resumed call
/// replaces the session it resumes. A removed call keeps its audio until its transcript has ended
/// (settling), as long as live and settling calls together stay within the limit; beyond it, the
/// oldest settling call is released.
public final class CallRegistry {
  private final int max;
  private final int maxOfOneTenant;
  private final CallContext context;
  private final Supplier<String> tokens;
  private final Set<CallSession> calls = new HashSet<>();
  private final Map<CallId, CallSession> byId = new HashMap<>();
  private final Deque<CallSession> settling = new ArrayDeque<>();
  private final CallSession.Owner owner = new SessionOwner();
  private CompletableFuture<Void> empty = new CompletableFuture<>();
  private boolean closed;

  /// @param tokens supplies a fresh random writer token for each call
  public CallRegistry(int max, int maxOfOneTenant, CallContext context, Supplier<String> tokens) {
    this.max = max;
    this.maxOfOneTenant = maxOfOneTenant;
    this.context = context;
    this.tokens = tokens;
    context.metrics().gaugeCalls(calls::size, settling::size);
  }

  /// Admits a call within the limits. The caller opens the session.
  ///
  /// @param resume whether to take over a live call with that id
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
    releaseBeyondLimit();
    return new Admitted(session);
  }

  private @Nullable CallSession resumedBy(CallStart start) {
    CallSession older = byId.get(start.call());
    return older != null && older.isResumedBy(start) ? older : null;
  }

  /// Whether the limit on calls is reached.
  public boolean isFull() {
    return calls.size() >= max;
  }

  /// The limit that another call of the tenant would exceed.
  public Optional<Limit> full(String tenant) {
    if (isFull()) {
      return Optional.of(Limit.CALLS);
    }
    long ofTenant = calls.stream().filter(call -> call.tenant().equals(tenant)).count();
    return ofTenant >= maxOfOneTenant ? Optional.of(Limit.CALLS_OF_THE_TENANT) : Optional.empty();
  }

  /// Whether the call is live here.
  public boolean has(CallId id) {
    return byId.containsKey(id);
  }

  /// Whether a new connection could resume any of the calls.
  public boolean hasResumable() {
    return calls.stream().anyMatch(CallSession::isResumable);
  }

  /// The number of live calls. Callable on any thread; on other threads the number may be stale.
  public int size() {
    return calls.size();
  }

  /// Completes when no call is live.
  public CompletionStage<Void> empty() {
    if (calls.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return empty;
  }

  /// Ends every call and admits no more.
  public void endAll(String reason) {
    closed = true;
    List.copyOf(calls).forEach(call -> call.end(reason));
  }

  private void releaseBeyondLimit() {
    while (!settling.isEmpty() && calls.size() + settling.size() > max) {
      settling.remove().release();
    }
  }

  private final class SessionOwner implements CallSession.Owner {
    /// Abandons an older session with the same id, whose call the log has lost.
    @Override
    public void opened(CallSession session) {
      CallSession older = calls.contains(session) ? byId.put(session.id(), session) : null;
      if (older != null && !older.equals(session)) {
        older.supersede();
      }
    }

    @Override
    public void over(CallSession session) {
      calls.remove(session);
      byId.values().remove(session);
      if (!session.isSettled()) {
        settling.add(session);
      }
      releaseBeyondLimit();
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
