package io.verbatim.gateway.hub;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.RecognizerStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All calls that are watched and all who watch: the only holder of either.
///
/// A feed leaves the map when nobody has watched it for a while; a watcher when its stream is over.
/// Public methods may be called on any thread. [#close] ends every stream without a last word, so
/// that each browser comes back, perhaps to another gateway.
public final class TranscriptHub implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TranscriptHub.class);
  private static final Duration HEALTH_CHECK = Duration.ofMillis(250);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration VERIFY = Duration.ofSeconds(5);
  private static final Duration STALL = Duration.ofSeconds(1);
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final Bus bus;
  private final HubLimits limits;
  private final GatewayMetrics metrics;
  private final InstantSource clock;
  private final HubThread thread = new HubThread();
  private final CallBoard board;
  private final Map<CallId, CallFeed> feeds = new HashMap<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final Map<Watcher, CallGate> gates = new HashMap<>();
  private final Map<Watcher, Instant> leaving = new LinkedHashMap<>();
  private boolean away;
  private Instant nextSweep;

  public TranscriptHub(Bus bus, HubLimits limits, GatewayMetrics metrics, InstantSource clock) {
    this.bus = bus;
    this.limits = limits;
    this.metrics = metrics;
    this.clock = clock;
    this.nextSweep = clock.instant().plus(limits.sweepInterval());
    this.board =
        new CallBoard(bus.calls(), limits.directory(), thread, metrics, this::boardChanged);
    thread.execute(board::open);
    thread.every(HEALTH_CHECK, this::followHealth);
    thread.every(TICK, this::tick);
    thread.every(VERIFY, this::verify);
  }

  /// Opens the stream of one call, which need not have begun.
  ///
  /// @param lastEventId the entry this viewer had last; null begins at the first word
  public Watcher watch(CallId call, @Nullable String lastEventId, Viewer viewer) {
    Watcher watcher = watcher(call, viewer);
    thread.execute(() -> {
      admit(watcher);
      watcher.readFrom(List.of(gate(watcher, call, lastEventId, viewer)));
    });
    return watcher;
  }

  /// Opens the stream of a whole page: the list, the last lines of live calls, one call in full.
  ///
  /// @param lines how many lines of each live call; 0 for none
  /// @param call the call to show in full; null for none
  /// @param lastEventId the entry of that call this viewer had last
  public Watcher watchAll(
      int lines, @Nullable CallId call, @Nullable String lastEventId, Viewer viewer) {
    Watcher watcher = watcher(null, viewer);
    Function<CallId, FeedCursor> tail =
        live -> cursor(watcher, live, new FeedCursor.Start.Tail(lines));
    thread.execute(() -> {
      admit(watcher);
      List<Source> sources = new ArrayList<>();
      sources.add(new BoardCursor(board, viewer, call, lines == 0 ? null : tail));
      if (call != null) {
        sources.add(gate(watcher, call, lastEventId, viewer));
      }
      watcher.readFrom(sources);
    });
    return watcher;
  }

  private Watcher watcher(@Nullable CallId call, Viewer viewer) {
    return new Watcher(call, viewer, thread, clock, metrics, this::left);
  }

  private CallGate gate(Watcher watcher, CallId call, @Nullable String lastEventId, Viewer viewer) {
    FeedCursor.Start start =
        lastEventId == null
            ? new FeedCursor.Start.Whole()
            : new FeedCursor.Start.Behind(lastEventId);
    CallGate gate =
        new CallGate(
            call, viewer, bus.calls(), thread, () -> cursor(watcher, call, start), watcher::wake);
    gates.put(watcher, gate);
    gate.knock();
    return gate;
  }

  private FeedCursor cursor(Watcher watcher, CallId call, FeedCursor.Start start) {
    CallFeed feed = feeds.computeIfAbsent(call, this::open);
    metrics.feeds(feeds.size());
    return new FeedCursor(feed, start, () -> woken(watcher), clock, metrics);
  }

  private CallFeed open(CallId call) {
    return new CallFeed(call, bus.transcripts(), thread, metrics, clock.instant());
  }

  /// A feed has something new for this watcher, which may be too slow to hold on to.
  private void woken(Watcher watcher) {
    watcher.wake();
    evictIfSlow(watcher, clock.instant());
  }

  /// A burst may exceed the limit for the moment a write takes; only who does not move on is slow.
  private void evictIfSlow(Watcher watcher, Instant now) {
    if (watcher.waitingBytes() > limits.maxWaitingBytes()
        && watcher.isStale(now, STALL)
        && watchers.contains(watcher)) {
      evict(watcher, "slow", "the connection is too slow for this call");
    }
  }

  private void admit(Watcher watcher) {
    String tenant = watcher.tenant();
    if (tenant != null) {
      makeRoom(
          "tenant_capacity", limits.maxWatchersPerTenant(), other -> tenant.equals(other.tenant()));
    }
    makeRoom("capacity", limits.maxWatchers(), _ -> true);
    watchers.add(watcher);
    metrics.watchers(watchers.size());
    if (away) {
      watcher.tell(busStatus(watcher, problem()));
    }
  }

  /// Room for one more among those that count: stale ones go first, then the oldest.
  private void makeRoom(String kind, int most, Predicate<Watcher> counts) {
    if (watchers.stream().filter(counts).count() >= most) {
      sweep(clock.instant());
    }
    if (watchers.stream().filter(counts).count() >= most) {
      Watcher oldest = watchers.stream().filter(counts).findFirst().orElseThrow();
      evict(oldest, kind, "another window needed the place");
    }
  }

  private void evict(Watcher watcher, String kind, String reason) {
    log.info("watcher.evicted reason={} callId={}", kind, watcher.call());
    metrics.evicted(kind);
    forget(watcher);
    leaving.put(watcher, clock.instant().plus(FAREWELL));
    watcher.evict(kind, reason);
  }

  private void left(Watcher watcher) {
    leaving.remove(watcher);
    forget(watcher);
  }

  private void forget(Watcher watcher) {
    gates.remove(watcher);
    watchers.remove(watcher);
    metrics.watchers(watchers.size());
  }

  private void boardChanged() {
    knock();
    List.copyOf(watchers).forEach(this::woken);
  }

  private void knock() {
    List.copyOf(gates.values()).forEach(CallGate::knock);
  }

  private void tick() {
    Instant now = clock.instant();
    knock();
    List.copyOf(watchers).forEach(watcher -> watcher.beat(now, limits.heartbeat()));
    List.copyOf(watchers).forEach(watcher -> evictIfSlow(watcher, now));
    watchers.stream()
        .filter(watcher -> watcher.isExpired(now))
        .toList()
        .forEach(watcher -> evict(watcher, "expired", "the token has expired"));
    Map.copyOf(leaving)
        .forEach((watcher, deadline) -> {
          if (!now.isBefore(deadline)) {
            watcher.cut();
          }
        });
    if (!now.isBefore(nextSweep)) {
      nextSweep = now.plus(limits.sweepInterval());
      sweep(now);
      forgetFeeds(now);
    }
  }

  private void sweep(Instant now) {
    List<Watcher> stale =
        watchers.stream().filter(watcher -> watcher.isStale(now, limits.staleAfter())).toList();
    for (Watcher watcher : stale) {
      log.info("watcher.evicted reason=stale callId={}", watcher.call());
      metrics.evicted("stale");
      watcher.cut();
    }
  }

  private void forgetFeeds(Instant now) {
    feeds
        .values()
        .removeIf(feed -> {
          boolean forget = feed.isForgettable(now, limits.retain());
          if (forget) {
            feed.close();
          }
          return forget;
        });
    metrics.feeds(feeds.size());
  }

  /// Tells everyone when the log goes out of reach and when it is back; and when it is, looks
  /// whether it still holds what was read.
  private void followHealth() {
    boolean awayNow = bus.health() instanceof BusHealth.Away;
    if (awayNow == away) {
      return;
    }
    away = awayNow;
    List.copyOf(watchers).forEach(watcher -> watcher.tell(busStatus(watcher, problem())));
    if (!away) {
      verify();
      feeds.values().forEach(CallFeed::repeatStatus);
    }
  }

  /// After an outage at once, and now and then, since an outage may be too short to be seen from
  /// here.
  private void verify() {
    if (!away) {
      feeds.values().forEach(CallFeed::verify);
    }
  }

  private @Nullable String problem() {
    return bus.health() instanceof BusHealth.Away away ? away.problem() : null;
  }

  private static SseEvent busStatus(Watcher watcher, @Nullable String problem) {
    CallId call = watcher.call();
    if (call == null) {
      return problem == null
          ? TranscriptEvents.status(RecognizerStatus.State.CONNECTED, "")
          : TranscriptEvents.status(RecognizerStatus.State.RECONNECTING, problem);
    }
    String reason = problem == null ? "waiting for the recogniser" : problem;
    return TranscriptEvents.status(
        call, new RecognizerStatus(RecognizerStatus.State.RECONNECTING, "", reason));
  }

  @Override
  public void close() {
    thread.execute(() -> {
      List.copyOf(watchers).forEach(Watcher::finish);
      List.copyOf(leaving.keySet()).forEach(Watcher::finish);
      board.close();
      feeds.values().forEach(CallFeed::close);
      feeds.clear();
    });
    thread.close();
  }
}
