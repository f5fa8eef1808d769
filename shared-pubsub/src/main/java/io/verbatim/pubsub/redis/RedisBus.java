package io.verbatim.pubsub.redis;

import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.BusStats;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.CallLeases;
import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.PublishedApiKeys;
import io.verbatim.pubsub.TranscriptLog;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The bus on Redis Streams, over exactly one connection for any number of calls and readers.
///
/// It connects in the background and retries forever: opening it does no I/O, and a service starts
/// without Redis. Its creator closes it, as the last step of the service's shutdown.
public final class RedisBus implements Bus {
  private final @Nullable EventLoopGroup owned;
  private final RedisConnection redis;
  private final RedisAudioLog audio;
  private final RedisCallLeases leases;
  private final RedisTranscriptLog transcripts;
  private final RedisCallDirectory calls;
  private final RedisDeadLetters deadLetters;
  private final RedisApiKeys apiKeys;
  private final Invalidations invalidations;
  private final ServerCheck server;

  private RedisBus(RedisSettings settings, EventLoop loop, @Nullable EventLoopGroup owned) {
    this.owned = owned;
    redis = new RedisConnection(settings, loop);
    invalidations = new Invalidations(redis);
    deadLetters = new RedisDeadLetters(redis, settings.deadLetterMax());
    apiKeys = new RedisApiKeys(redis);
    calls =
        new RedisCallDirectory(
            redis, invalidations, settings.transcriptRetention(), deadLetters::report);
    audio = new RedisAudioLog(redis, settings, invalidations, calls, deadLetters);
    leases = new RedisCallLeases(redis, settings, invalidations, calls, deadLetters);
    transcripts = new RedisTranscriptLog(redis, settings, invalidations, calls, deadLetters);
    server = new ServerCheck(redis, settings);
    TranscriptJson.prepare();
    Script.prepare();
    server.start();
    redis.start();
    invalidations.start();
  }

  /// Opens the bus on its own loop, which it stops on close. It connects in the background.
  public static RedisBus open(RedisSettings settings) {
    EventLoopGroup group =
        (EventLoopGroup)
            DefaultEventLoopGroupProvider.createEventLoopGroup(Transports.eventLoopGroupClass(), 1);
    return new RedisBus(settings, group.next(), group);
  }

  /// Opens the bus; it connects in the background.
  ///
  /// @param loop the loop on which the whole bus runs; its channels must use the transport that the
  ///   Redis client selects
  public static RedisBus open(RedisSettings settings, EventLoop loop) {
    return new RedisBus(settings, loop, null);
  }

  @Override
  public AudioLog audio() {
    return audio;
  }

  @Override
  public CallLeases leases() {
    return leases;
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
  public PublishedApiKeys apiKeys() {
    return apiKeys;
  }

  @Override
  public EventLoop loop() {
    return redis.loop();
  }

  @Override
  public BusHealth health() {
    return redis.health();
  }

  @Override
  public BusStats stats() {
    ConnectionMeter.Snapshot connection = redis.meter().snapshot();
    return new BusStats(
        connection.connections(),
        connection.unanswered(),
        connection.roundTrips(),
        connection.roundTripNanos(),
        invalidations.isTracking(),
        server.stats());
  }

  @Override
  public OptionalLong serverMillis() {
    return redis.meter().serverMillis();
  }

  @Override
  public void close() {
    redis.close();
    if (owned != null) {
      owned.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
  }
}
