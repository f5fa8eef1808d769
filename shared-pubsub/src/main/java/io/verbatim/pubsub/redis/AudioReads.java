package io.verbatim.pubsub.redis;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.verbatim.pubsub.message.AudioAppend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the audio streams that have rung, several in one XREAD, one XREAD at a time.
///
/// While a read is under way the next bells gather. One read asks for at most 256 KiB, so that no
/// reply holds up what comes behind it on the connection. A key that holds no stream fails the read
/// of all that are read with it: they are read one by one then, and whose key it is waits alone.
final class AudioReads {
  private static final int MAX_ENTRIES = 256 * 1024 / AudioAppend.MAX_BYTES;

  /// Two entries of each at least: a reply that COUNT did not cut need not be asked for again.
  private static final int MAX_KEYS = MAX_ENTRIES / 2;

  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
  private static final Duration BEFORE_LOOKING_AGAIN = Duration.ofSeconds(1);

  private final SharedRedisConnection redis;
  private final Bells bells;

  /// Who waits for audio, in turn; a reader leaves when it is served, and comes again at the end.
  private final Set<RedisAudioReader> waiting = new LinkedHashSet<>();

  /// Those whose read a key that holds no stream has failed: each is read alone, until it could be.
  private final Set<RedisAudioReader> suspects = new HashSet<>();

  /// Those whose key holds no stream: nothing is read for them until they have rested.
  private final Set<RedisAudioReader> resting = new HashSet<>();

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
    suspects.remove(reader);
    resting.remove(reader);
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
      if (!reader.hasRung() || resting.contains(reader)) {
        continue;
      }
      if (!suspects.contains(reader)) {
        batch.putIfAbsent(reader.key(), reader);
      } else if (batch.isEmpty()) {
        return Map.of(reader.key(), reader);
      }
    }
    return batch;
  }

  private void answered(
      Map<String, RedisAudioReader> batch,
      int count,
      @Nullable List<StreamMessage<String, byte[]>> messages,
      @Nullable Throwable failure) {
    if (failure != null && WrongType.isCauseOf(failure)) {
      reading = false;
      suspect(batch.values());
      pump();
      return;
    }
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
    suspects.removeAll(batch.values());
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

  /// Of several nobody knows yet whose key it is; one alone is it.
  private void suspect(Collection<RedisAudioReader> failed) {
    if (failed.size() > 1) {
      failed.stream().filter(waiting::contains).forEach(suspects::add);
      failed.forEach(RedisAudioReader::rings);
      return;
    }
    failed.stream().filter(waiting::contains).forEach(this::rest);
  }

  private void rest(RedisAudioReader reader) {
    reader.hasNoStream();
    resting.add(reader);
    redis.schedule(
        () -> {
          if (resting.remove(reader)) {
            reader.ringAndPump();
          }
        },
        BEFORE_LOOKING_AGAIN);
  }
}
