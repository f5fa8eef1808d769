package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.CallLeases;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.WriterLiveness;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// The workers' claims on Redis: the pending list of the group `asr-workers`.
final class RedisCallLeases implements CallLeases {
  private final RedisConnection redis;
  private final RedisSettings settings;
  private final Invalidations invalidations;
  private final RedisCallDirectory directory;
  private final RedisDeadLetters deadLetters;

  RedisCallLeases(
      RedisConnection redis,
      RedisSettings settings,
      Invalidations invalidations,
      RedisCallDirectory directory,
      RedisDeadLetters deadLetters) {
    this.redis = redis;
    this.settings = settings;
    this.invalidations = invalidations;
    this.directory = directory;
    this.deadLetters = deadLetters;
  }

  @Override
  public Leases hold(int permits, LeaseHolder holder) {
    RedisLeases leases =
        new RedisLeases(redis, settings, invalidations, directory, deadLetters, permits, holder);
    leases.start();
    return leases;
  }

  @Override
  public CompletionStage<AbandonOutcome> abandon(
      CallId call, String owner, WriterLiveness liveness, Duration silence, String reason) {
    return redis
        .run(
            Script.ABANDON,
            new String[] {redis.keys().call(call), redis.keys().audio(call)},
            Reply.bytes(owner),
            Reply.bytes(silence.toMillis()),
            Reply.bytes(reason),
            Reply.bytes(settings.liveExpiry().toMillis()),
            Reply.bytes(liveness.sinceMillis()),
            Reply.bytes(liveness.untilMillis()),
            Reply.bytes(WriterLiveness.MAX_CHECK_INTERVAL.toMillis()))
        .thenApply(reply ->
            switch (reply.word()) {
              case "abandoned" -> new AbandonOutcome.Abandoned();
              case "waiting" ->
                  new AbandonOutcome.Waiting(new WriterLiveness(reply.number(1), reply.number(2)));
              case "gone", "ended", "fenced" -> new AbandonOutcome.NotOwner();
              default -> throw new IllegalStateException("abandon.lua returned " + reply.word());
            });
  }
}
