package io.verbatim.pubsub.redis;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.verbatim.pubsub.message.AudioAppend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the audio streams that have rung, many in one XREAD, one XREAD at a time.
///
/// While a read is under way the next bells gather. One read asks for at most 256 KiB, judged by
/// the largest entry each stream has shown, so that no reply holds up what comes behind it on the
/// connection.
final class AudioReads {
  private static final int MAX_BYTES = 256 * 1024;
  private static final int MAX_KEYS = 32;
  private static final int MAX_COUNT = 64;
  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

  private final SharedRedisConnection redis;
  private final Bells bells;

  /// Who waits for audio, in turn; a reader leaves when it is served, and comes again at the end.
  private final Map<String, RedisAudioReader> waiting = new LinkedHashMap<>();

  private boolean reading;

  AudioReads(SharedRedisConnection redis, Bells bells) {
    this.redis = redis;
    this.bells = bells;
  }

  /// The reader wants audio; it is read at once where its bell has rung since it was last read.
  void await(RedisAudioReader reader) {
    waiting.put(reader.key(), reader);
    pump();
  }

  void forget(RedisAudioReader reader) {
    waiting.remove(reader.key(), reader);
  }

  void pump() {
    if (reading) {
      return;
    }
    List<RedisAudioReader> batch = nextBatch();
    if (batch.isEmpty()) {
      return;
    }
    reading = true;
    int largest =
        batch.stream().mapToInt(RedisAudioReader::largestEntry).max().orElse(AudioAppend.MAX_BYTES);
    int count = Math.clamp(MAX_BYTES / ((long) largest * batch.size()), 1, MAX_COUNT);
    List<StreamOffset<String>> offsets = new ArrayList<>(batch.size());
    for (RedisAudioReader reader : batch) {
      reader.heard();
      offsets.add(StreamOffset.from(reader.key(), reader.lastId()));
    }
    redis
        .send(commands -> commands.xread(XReadArgs.Builder.count(count), Offsets.of(offsets)))
        .whenComplete((messages, failure) -> answered(batch, count, messages, failure));
  }

  private List<RedisAudioReader> nextBatch() {
    List<RedisAudioReader> batch = new ArrayList<>();
    long bytes = 0;
    for (RedisAudioReader reader : waiting.values()) {
      if (reader.hasRung()) {
        bytes += reader.largestEntry();
        if (batch.size() == MAX_KEYS || (bytes > MAX_BYTES && !batch.isEmpty())) {
          break;
        }
        batch.add(reader);
      }
    }
    return batch;
  }

  private void answered(
      List<RedisAudioReader> batch,
      int count,
      @Nullable List<StreamMessage<String, byte[]>> messages,
      @Nullable Throwable failure) {
    if (failure != null || messages == null) {
      batch.forEach(RedisAudioReader::rings);
      redis.schedule(
          () -> {
            reading = false;
            pump();
          },
          AFTER_FAILURE);
      return;
    }
    reading = false;
    Map<String, List<StreamMessage<String, byte[]>>> byKey = new HashMap<>();
    messages.forEach(
        message -> byKey.computeIfAbsent(message.getStream(), _ -> new ArrayList<>()).add(message));
    if (!byKey.isEmpty()) {
      bells.foundSomething();
    }
    for (RedisAudioReader reader : batch) {
      List<StreamMessage<String, byte[]>> read = byKey.getOrDefault(reader.key(), List.of());
      if (!read.isEmpty() && waiting.remove(reader.key(), reader)) {
        if (read.size() == count) {
          reader.rings();
        }
        reader.answered(read);
      }
    }
    pump();
  }
}
