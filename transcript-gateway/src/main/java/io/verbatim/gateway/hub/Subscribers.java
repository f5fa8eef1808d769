package io.verbatim.gateway.hub;

import io.netty.channel.ChannelFuture;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All open streams. Admits streams within the limits, sends heartbeats to idle ones, and evicts
/// those that are slow, stale, expired or above a limit.
final class Subscribers {

  private static final Logger logger = LoggerFactory.getLogger(Subscribers.class);

  /// Time that a connection above its byte limit may take no bytes.
  private static final Duration STALL = Duration.ofSeconds(1);

  /// Time for an evicted subscriber to receive its last event.
  private static final Duration LAST_EVENT = Duration.ofSeconds(5);

  /// Subscribers that are checked in one iteration of the loop: about a millisecond if each is sent
  /// a heartbeat.
  private static final int SLICE = 64;

  /// Pages that are sent to in one iteration of the loop.
  private static final int PAGE_SLICE = 10;

  private record Closing(Subscriber subscriber, ChannelFuture lastEvent, long deadlineMs) {}

  private final HubLimits limits;
  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final InstantSource clock;
  private final SequencedSet<Subscriber> open = new LinkedHashSet<>(); // The oldest first.
  private final Map<String, Integer> openPerTenant = new HashMap<>();
  private final List<Closing> closing = new ArrayList<>();
  private final Set<Subscriber> sendLater = new LinkedHashSet<>();
  private long nextSweepMs;
  private long nextStaleCheckMs;

  Subscribers(HubLimits limits, EventLoop loop, GatewayMetrics metrics, InstantSource clock) {
    this.limits = limits;
    this.loop = loop;
    this.metrics = metrics;
    this.clock = clock;
    this.nextSweepMs = clock.millis() + limits.sweepInterval().toMillis();
  }

  /// Adds a subscriber, and evicts another one if a limit is reached.
  void add(Subscriber subscriber) {
    String tenant = subscriber.viewer().tenant();
    if (tenant != null) {
      makeRoom(
          "tenant_capacity",
          () -> openOf(tenant) >= limits.maxSubscribersPerTenant(),
          other -> tenant.equals(other.viewer().tenant()));
    }
    makeRoom("capacity", () -> open.size() >= limits.maxSubscribers(), _ -> true);
    open.add(subscriber);
    count(tenant, 1);
  }

  /// Removes a subscriber whose stream has ended. Idempotent.
  void remove(Subscriber subscriber) {
    if (open.remove(subscriber)) {
      count(subscriber.viewer().tenant(), -1);
    }
  }

  private void count(@Nullable String tenant, int change) {
    if (tenant != null) {
      openPerTenant.merge(tenant, change, (before, by) -> before + by == 0 ? null : before + by);
    }
    metrics.subscribers(open.size());
  }

  private int openOf(String tenant) {
    return openPerTenant.getOrDefault(tenant, 0);
  }

  /// Removes stale subscribers, and if that is not enough, the oldest one that counts.
  private void makeRoom(String code, BooleanSupplier isFull, Predicate<Subscriber> counts) {
    if (isFull.getAsBoolean()) {
      removeStale();
    }
    if (isFull.getAsBoolean()) {
      Subscriber oldest = open.stream().filter(counts).findFirst().orElseThrow();
      evict(oldest, code, "a newer stream reached the limit of open streams", clock.millis());
    }
  }

  /// Runs at most once per second, because it checks all subscribers.
  private void removeStale() {
    long nowMs = clock.millis();
    if (nowMs >= nextStaleCheckMs) {
      nextStaleCheckMs = nowMs + STALL.toMillis();
      List.copyOf(open).forEach(subscriber -> removeIfStale(subscriber, nowMs));
    }
  }

  /// Sends to a page after [Subscriber#PAGE_INTERVAL], together with the others that wait.
  void sendLater(Subscriber subscriber) {
    if (sendLater.isEmpty()) {
      loop.after(Subscriber.PAGE_INTERVAL, this::sendNow);
    }
    sendLater.add(subscriber);
  }

  private void sendNow() {
    List<Subscriber> due = List.copyOf(sendLater);
    sendLater.clear();
    Slices.forEach(loop, due, PAGE_SLICE, Subscriber::send, () -> {});
  }

  void forEach(Consumer<Subscriber> action) {
    Slices.forEach(loop, List.copyOf(open), SLICE, action, () -> {});
  }

  /// Ends the streams that were opened with one of these API keys.
  void endThoseWithKey(Set<String> keyIds) {
    forEach(subscriber -> {
      String key = subscriber.viewer().keyId();
      if (key != null && keyIds.contains(key) && !subscriber.isDone()) {
        evict(subscriber, "expired", "the API key was revoked", clock.millis());
      }
    });
  }

  /// Checks each subscriber once.
  ///
  /// @param done runs afterwards
  void check(Runnable done) {
    long nowMs = clock.millis();
    boolean sweeps = nowMs >= nextSweepMs;
    if (sweeps) {
      nextSweepMs = nowMs + limits.sweepInterval().toMillis();
    }
    closing.removeIf(evicted -> isClosed(evicted, nowMs));
    Slices.forEach(
        loop, List.copyOf(open), SLICE, subscriber -> check(subscriber, nowMs, sweeps), done);
  }

  private void check(Subscriber subscriber, long nowMs, boolean sweeps) {
    if (subscriber.isDone()) {
      return;
    }
    subscriber.check(nowMs, limits.heartbeat());
    if (subscriber.waitingBytes() > limits.maxWaitingBytes()
        && subscriber.isStalled(nowMs, STALL)) {
      // A burst may exceed the limit during its write; only a stalled connection is slow.
      evict(subscriber, "slow", "the connection is too slow for this call", nowMs);
    } else if (subscriber.isExpired(nowMs)) {
      evict(subscriber, "expired", "the token has expired", nowMs);
    } else if (sweeps) {
      removeIfStale(subscriber, nowMs);
    }
  }

  private void removeIfStale(Subscriber subscriber, long nowMs) {
    if (subscriber.isStalled(nowMs, limits.staleAfter())) {
      logger.info("subscriber.evicted reason=stale callId={}", subscriber.call());
      metrics.evicted("stale");
      subscriber.abort();
    }
  }

  private void evict(Subscriber subscriber, String code, String reason, long nowMs) {
    logger.info("subscriber.evicted reason={} callId={}", code, subscriber.call());
    metrics.evicted(code);
    closing.add(
        new Closing(subscriber, subscriber.evict(code, reason), nowMs + LAST_EVENT.toMillis()));
  }

  private static boolean isClosed(Closing evicted, long nowMs) {
    if (!evicted.lastEvent().isDone() && nowMs >= evicted.deadlineMs()) {
      evicted.subscriber().abort();
    }
    return evicted.lastEvent().isDone();
  }

  void close() {
    List.copyOf(open).forEach(Subscriber::finish);
  }
}
