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

/// The leases of one worker: the pending list of the group `asr-workers` is the list of who owns
/// what.
///
/// An announcement stays pending for as long as its worker owns the call. Reading one's own pending
/// history resets every idle time and shows at once which calls are still one's own; whoever falls
/// silent for the lease time loses them to XAUTOCLAIM. All state belongs to the bus's thread.
final class RedisLeases implements Leases {
  private static final Logger log = LoggerFactory.getLogger(RedisLeases.class);

  private record Held(String entry, Grant grant) {}

  private final RedisConnection redis;
  private final RedisCallDirectory directory;
  private final RedisDeadLetters deadLetters;
  private final CallTaking calls;
  private final Duration lease;
  private final int permits;
  private final LeaseHolder holder;
  private final Announcements announcements;
  private final NewCalls news;
  private final OrphanClaims orphans;
  private final Map<CallId, Held> held = new HashMap<>();
  private final Set<String> taking = new HashSet<>();
  private long lastRenewalNanos = System.nanoTime();
  private @Nullable Future<?> renewals;

  private boolean renewing;
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
    this.calls = new CallTaking(redis);
    this.lease = settings.lease();
    this.permits = permits;
    this.holder = holder;
    this.announcements = new Announcements(redis, settings.clientName(), lease);
    this.news = new NewCalls(redis, invalidations, announcements, this::free, this::take);
    this.orphans =
        new OrphanClaims(redis, announcements, lease, this::free, this::take, news::roomMayBeFree);
  }

  void start() {
    redis.execute(() -> {
      renewals = redis.every(lease.dividedBy(4), this::renew);
      orphans.start();
      news.start();
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

  private int free() {
    return permits - held.size() - taking.size() - news.asked() - orphans.asked();
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
            take(mine);
          } else if (announcements.restoreGroup(failure, news::lookSoon)) {
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
    news.lookSoon();
  }

  private void lose(CallId call) {
    if (held.remove(call) != null) {
      log.warn("lease.lost callId={}", call);
      holder.lost(call);
    }
  }

  /// Handles entries that are pending for this worker: new, claimed, or found in its history.
  private void take(PendingEntries pending) {
    pending.entries().forEach(entry -> take(entry, pending.deadline()));
  }

  private void take(StreamEntry announcement, Deadline deadline) {
    String entry = announcement.id();
    if (taking.contains(entry)
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
    take(new CallId(Reply.asText(name)), entry, deadline, false);
  }

  private void take(CallId call, String entry, Deadline deadline, boolean force) {
    taking.add(entry);
    calls
        .take(call, entry, announcements.consumer(), deadline, force)
        .whenComplete((taken, failure) -> {
          taking.remove(entry);
          if (failure == null) {
            decide(call, entry, deadline, taken);
          } else if (WrongType.isCauseOf(failure)) {
            decide(
                call, entry, deadline, new CallTaking.Unreadable("the call's key is not a hash"));
          }
        });
  }

  private void decide(CallId call, String entry, Deadline deadline, CallTaking.Taken taken) {
    switch (taken) {
      case CallTaking.Given(Grant grant) -> {
        held.put(call, new Held(entry, grant));
        if (stopped) {
          giveBack(grant);
        } else {
          holder.granted(grant);
        }
      }
      case CallTaking.NamedBy(String other) -> {
        taking.add(entry);
        announcements
            .contains(other)
            .whenComplete((found, failure) -> {
              taking.remove(entry);
              if (failure != null) {
                return;
              }
              if (found) {
                announcements.discard(entry);
              } else {
                take(call, entry, deadline, true);
              }
            });
      }
      case CallTaking.Over() ->
          directory.touch(call).whenComplete((_, _) -> announcements.discard(entry));
      case CallTaking.Newer(String version) -> leaveToNewerWorkers(call, entry, version);
      case CallTaking.Late() -> log.info("claim.late callId={}", call);
      case CallTaking.Unknown() -> announcements.discard(entry);
      case CallTaking.Unreadable(String reason) -> {
        deadLetters.report(redis.keys().call(call), entry, reason);
        announcements.discard(entry);
      }
    }
  }

  /// As in a rolling upgrade. It is no failed delivery; this worker rests before its next claim.
  private void leaveToNewerWorkers(CallId call, String entry, String version) {
    if (!newerFormatLogged) {
      newerFormatLogged = true;
      log.warn(
          "call.format_newer callId={} format={} known={} effect=\"left to newer workers\"",
          call,
          version,
          Format.VERSION);
    }
    news.rest();
    announcements.handOver(entry);
  }

  @Override
  public CompletionStage<Void> release(Grant grant) {
    return redis.onLoop(() ->
        remove(grant)
            .map(entry -> announcements.discard(entry).thenRun(news::lookSoon))
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

  /// The entry stays pending for this worker: a renewal finds it in the history, before anything
  /// that is asked for later takes its permit.
  @Override
  public void reconsider(Grant grant) {
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
              news.rest();
              calls.exonerate(grant.call(), announcements.consumer());
              return announcements.handOver(entry);
            })
            .orElse(CompletableFuture.completedFuture(null)));
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
    orphans.stop();
    if (renewals != null) {
      renewals.cancel(false);
    }
    news.stop();
  }
}
