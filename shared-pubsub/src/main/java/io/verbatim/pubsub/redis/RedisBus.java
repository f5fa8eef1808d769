package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.TranscriptLog;
import java.time.InstantSource;

/// The bus on Redis Streams, over exactly one connection however many calls and readers there are.
///
/// It connects in the background, for ever: opening it does no I/O, and a service starts without
/// Redis. Whoever opens it closes it, as the last act of the service.
public final class RedisBus implements Bus {
  private final SharedRedisConnection redis;
  private final RedisAudioLog audio;
  private final RedisTranscriptLog transcripts;
  private final RedisCallDirectory calls;
  private final RedisDeadLetters deadLetters;

  private RedisBus(RedisSettings settings, InstantSource clock) {
    redis = new SharedRedisConnection(settings);
    Bells bells = new Bells(redis);
    deadLetters = new RedisDeadLetters(redis, settings.deadLetterMax());
    calls =
        new RedisCallDirectory(
            redis, bells, settings.transcriptRetention(), clock, deadLetters::report);
    audio = new RedisAudioLog(redis, settings, bells, calls, deadLetters);
    transcripts = new RedisTranscriptLog(redis, settings, bells, calls, deadLetters);
    RedisClientsWatch clients = new RedisClientsWatch(redis, settings);
    TranscriptJson.prepare();
    redis.start();
    bells.start();
    clients.start();
  }

  /// Opens the bus; it connects in the background.
  public static RedisBus open(RedisSettings settings, InstantSource clock) {
    return new RedisBus(settings, clock);
  }

  @Override
  public AudioLog audio() {
    return audio;
  }

  @Override
  public TranscriptLog transcripts() {
    return transcripts;
  }

  @Override
  public CallDirectory calls() {
    return calls;
  }

  @Override
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  @Override
  public BusHealth health() {
    return redis.health();
  }

  @Override
  public void close() {
    redis.close();
  }
}
