package io.verbatim.pubsub.redis;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.verbatim.pubsub.message.AudioAppend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the audio streams that have rung, several in one XREAD, one XREAD at a time.
///
/// While a read is under way the next bells gather. One read asks for at most 256 KiB, so that no
/// reply holds up what comes behind it on the connection.
final class AudioReads {
  private static final int MAX_ENTRIES = 256 * 1024 / AudioAppend.MAX_BYTES;

  /// Two entries of each at least: a reply that COUNT did not cut need not be asked for again.
  private static final int MAX_KEYS = MAX_ENTRIES / 2;

  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

  private final SharedRedisConnection redis;
  private final Bells bells;

  /// Who waits for audio, in turn; a reader leaves when it is served, and comes again at the end.
  private final Set<RedisAudioReader> waiting = new LinkedHashSet<>();

  private boolean reading;

  AudioReads(SharedRedisConnection redis, Bells bells) {
    this.redis = redis;
    this.bells = bells;
  }

  /// The reader wants audio; it is read at once where its bell has rung since it was last read.
  void await(RedisAudioReader reader) {
    waiting.add(reader);
    pump();
  }

  void forget(RedisAudioReader reader) {
    waiting.remove(reader);
  }

  void pump() {
    if (reading) {
      return;
    }
    Map<String, RedisAudioReader> batch = nextBatch();
    if (batch.isEmpty()) {
      return;
    }
    reading = true;
    int count = MAX_ENTRIES / batch.size();
    List<StreamOffset<String>> offsets = new ArrayList<>(batch.size());
    for (RedisAudioReader reader : batch.values()) {
      reader.heard();
      offsets.add(StreamOffset.from(reader.key(), reader.lastId()));
    }
    redis
        .send(commands -> commands.xread(XReadArgs.Builder.count(count), Offsets.of(offsets)))
        .whenComplete((messages, failure) -> answered(batch, count, messages, failure));
  }

  private Map<String, RedisAudioReader> nextBatch() {
    Map<String, RedisAudioReader> batch = new LinkedHashMap<>();
    for (RedisAudioReader reader : waiting) {
      if (batch.size() == MAX_KEYS) {
        break;
      }
      if (reader.hasRung()) {
        batch.putIfAbsent(reader.key(), reader);
      }
    }
    return batch;
  }

  private void answered(
      Map<String, RedisAudioReader> batch,
      int count,
      @Nullable List<StreamMessage<String, byte[]>> messages,
      @Nullable Throwable failure) {
    if (failure != null || messages == null) {
      batch.values().forEach(RedisAudioReader::rings);
      redis.schedule(
          () -> {
            reading = false;
            pump();
          },
          AFTER_FAILURE);
      return;
    }
    reading = false;
    if (!messages.isEmpty()) {
      bells.foundSomething();
    }
    Map<String, List<StreamMessage<String, byte[]>>> byKey = new HashMap<>();
    messages.forEach(
        message -> byKey.computeIfAbsent(message.getStream(), _ -> new ArrayList<>()).add(message));
    byKey.forEach((key, read) -> {
      RedisAudioReader reader = batch.get(key);
      if (reader != null && waiting.remove(reader)) {
        if (read.size() == count) {
          reader.rings();
        }
        reader.answered(read);
      }
    });
    pump();
  }
}
