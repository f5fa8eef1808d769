package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The leases of one worker, kept in the pending list of the group `asr-workers`.
///
/// An announcement stays pending while its worker owns the call. A worker renews by reading its
/// pending history, which resets the idle times and shows which calls it still owns. A worker that
/// is silent for the lease time loses its calls to XAUTOCLAIM. Confined to the event loop.
final class RedisLeases implements Leases {
  private static final Logger logger = LoggerFactory.getLogger(RedisLeases.class);

  private record Held(String entry, Grant grant) {}

  private final RedisConnection redis;
  private final RedisCallDirectory directory;
  private final RedisDeadLetters deadLetters;
  private final CallClaims claims;
  private final Duration lease;
  private final int permits;
  private final LeaseHolder holder;
  private final Announcements announcements;
  private final NewCalls newCalls;
  private final OrphanClaims orphans;
  private final Map<CallId, Held> held = new HashMap<>();
  private final Set<String> claiming = new HashSet<>();
  private long lastRenewalNanos = System.nanoTime();
  private @Nullable Future<?> renewals;

  private boolean renewing;
  private boolean claimsStopped;
  private boolean stopped;
  private boolean newerFormatLogged;

  RedisLeases(
      RedisConnection redis,
      RedisSettings settings,
      Invalidations invalidations,
      RedisCallDirectory directory,
      RedisDeadLetters deadLetters,
      int permits,
      LeaseHolder holder) {
    this.redis = redis;
    this.directory = directory;
    this.deadLetters = deadLetters;
    this.claims = new CallClaims(redis);
    this.lease = settings.lease();
    this.permits = permits;
    this.holder = holder;
    this.announcements = new Announcements(redis, settings.clientName(), lease);
    this.newCalls =
        new NewCalls(redis, invalidations, announcements, this::freePermits, this::handle);
    this.orphans =
        new OrphanClaims(
            redis,
            announcements,
            lease,
            this::freePermits,
            this::handle,
            newCalls::permitMayBeFree);
  }

  void start() {
    redis.execute(() -> {
      renewals = redis.every(lease.dividedBy(4), this::renew);
      orphans.start();
      newCalls.start();
      redis.onConnected(this::connected);
    });
  }

  private void connected() {
    if (stopped) {
      return;
    }
    orphans.reconnected();
    renewing = false;
    announcements.createGroup();
    renew();
  }

  private int freePermits() {
    return permits - held.size() - claiming.size() - newCalls.requested() - orphans.requested();
  }

  private void renew() {
    if (stopped) {
      return;
    }
    if (System.nanoTime() - lastRenewalNanos > lease.toNanos()) {
      List.copyOf(held.keySet()).forEach(this::lose);
    }
    if (renewing) {
      return;
    }
    renewing = true;
    long asked = System.nanoTime();
    announcements
        .readMine(2 * permits + 16)
        .whenComplete((mine, failure) -> {
          renewing = false;
          if (failure == null) {
            renewed(asked, mine.entries());
            handle(mine);
          } else if (announcements.restoreGroup(failure, newCalls::claimSoon)) {
            renewed(asked, List.of());
          }
        });
  }

  private void renewed(long askedNanos, List<StreamEntry> mine) {
    if (System.nanoTime() - askedNanos > lease.toNanos() / 2) {
      orphans.holdOff();
    }
    lastRenewalNanos = askedNanos;
    Set<String> entries = new HashSet<>();
    mine.forEach(entry -> entries.add(entry.id()));
    for (Map.Entry<CallId, Held> call : List.copyOf(held.entrySet())) {
      if (!entries.contains(call.getValue().entry())) {
        lose(call.getKey());
      }
    }
    newCalls.claimSoon();
  }

  private void lose(CallId call) {
    if (held.remove(call) != null) {
      logger.warn("lease.lost callId={}", call);
      holder.lost(call);
    }
  }

  /// Handles entries that are pending for this worker: new, claimed, or found in its history.
  private void handle(PendingEntries pending) {
    pending.entries().forEach(entry -> handle(entry, pending.deadline()));
  }

  private void handle(StreamEntry announcement, Deadline deadline) {
    String entry = announcement.id();
    if (claiming.contains(entry)
        || held.values().stream().anyMatch(one -> one.entry().equals(entry))) {
      return;
    }
    Map<String, byte[]> body = announcement.body();
    byte[] name = body.get("call");
    if (name == null || !CallId.isValid(Reply.asText(name))) {
      if (!body.isEmpty()) {
        deadLetters.report(redis.keys().announcements(), entry, "announcement without a call id");
      }
      announcements.discard(entry);
      return;
    }
    claim(new CallId(Reply.asText(name)), entry, deadline, false);
  }

  private void claim(CallId call, String entry, Deadline deadline, boolean force) {
    claiming.add(entry);
    claims
        .claim(call, entry, announcements.consumer(), deadline, force)
        .whenComplete((result, failure) -> {
          claiming.remove(entry);
          if (failure == null) {
            onClaimed(call, entry, deadline, result);
          } else if (WrongType.isCauseOf(failure)) {
            onClaimed(
                call, entry, deadline, new CallClaims.Unreadable("the call's key is not a hash"));
          }
        });
  }

  private void onClaimed(
      CallId call, String entry, Deadline deadline, CallClaims.ClaimResult result) {
    switch (result) {
      case CallClaims.Granted(Grant grant) -> {
        held.put(call, new Held(entry, grant));
        if (claimsStopped) {
          giveBack(grant);
        } else {
          holder.granted(grant);
        }
      }
      case CallClaims.OtherEntry(String other) -> {
        claiming.add(entry);
        announcements
            .contains(other)
            .whenComplete((found, failure) -> {
              claiming.remove(entry);
              if (failure != null) {
                return;
              }
              if (found) {
                announcements.discard(entry);
              } else {
                claim(call, entry, deadline, true);
              }
            });
      }
      case CallClaims.Ended() ->
          directory.touch(call).whenComplete((_, _) -> announcements.discard(entry));
      case CallClaims.NewerFormat(String version) -> leaveToNewerWorkers(call, entry, version);
      case CallClaims.TooLate() -> logger.info("claim.late callId={}", call);
      case CallClaims.Unknown() -> announcements.discard(entry);
      case CallClaims.Unreadable(String reason) -> {
        deadLetters.report(redis.keys().call(call), entry, reason);
        announcements.discard(entry);
      }
    }
  }

  /// Hands over a call of a newer format, as in a rolling upgrade. This is not counted as a failed
  /// delivery. This worker delays its next claim.
  private void leaveToNewerWorkers(CallId call, String entry, String version) {
    if (!newerFormatLogged) {
      newerFormatLogged = true;
      logger.warn(
          "call.format_newer callId={} format={} known={} effect=\"left to newer workers\"",
          call,
          version,
          Format.VERSION);
    }
    newCalls.backOff();
    announcements.handOver(entry);
  }

  @Override
  public CompletionStage<Void> release(Grant grant) {
    return redis.onLoop(() ->
        remove(grant)
            .map(entry -> announcements.discard(entry).thenRun(newCalls::claimSoon))
            .orElse(CompletableFuture.completedFuture(null)));
  }

  /// Removes the call if it is held by this grant, and returns its entry.
  private Optional<String> remove(Grant grant) {
    Held one = held.get(grant.call());
    if (one == null || !one.grant().owner().equals(grant.owner())) {
      return Optional.empty();
    }
    held.remove(grant.call());
    return Optional.of(one.entry());
  }

  /// The entry stays pending for this worker. The renewal finds it in the history before a later
  /// request uses its permit.
  @Override
  public void revalidate(Grant grant) {
    redis.execute(() -> {
      remove(grant);
      renew();
    });
  }

  @Override
  public CompletionStage<Void> giveBack(Grant grant) {
    return redis.onLoop(() ->
        remove(grant)
            .map(entry -> {
              newCalls.backOff();
              claims.unmarkBegun(grant.call(), announcements.consumer());
              return announcements.handOver(entry);
            })
            .orElse(CompletableFuture.completedFuture(null)));
  }

  @Override
  public CompletionStage<Void> stopClaiming() {
    return redis.onLoop(() -> {
      stopClaims();
      return CompletableFuture.completedFuture(null);
    });
  }

  @Override
  public CompletionStage<Void> handOver() {
    return redis.onLoop(() -> {
      stop();
      List<CompletableFuture<Void>> given = new ArrayList<>();
      List.copyOf(held.values())
          .forEach(one -> given.add(giveBack(one.grant()).toCompletableFuture()));
      return CompletableFuture.allOf(given.toArray(new CompletableFuture<?>[0]))
          .thenCompose(_ -> announcements.leave());
    });
  }

  @Override
  public void close() {
    redis.execute(this::stop);
  }

  private void stop() {
    stopped = true;
    stopClaims();
    if (renewals != null) {
      renewals.cancel(false);
    }
  }

  private void stopClaims() {
    claimsStopped = true;
    orphans.stop();
    newCalls.stop();
  }
}
