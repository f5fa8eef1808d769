package io.verbatim.pubsub.redis;

import io.lettuce.core.StreamMessage;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.message.AudioSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// One reader's place in one audio stream. Everything but [#next] and [#close] runs on the bus's
/// thread.
final class RedisAudioReader implements AudioReader {
  private final SharedRedisConnection redis;
  private final Bells bells;
  private final AudioReads reads;
  private final UnreadableEntries unreadable;
  private final String key;
  private final Runnable bell = this::ringAndPump;
  private long position;
  private String lastId;
  private boolean rung = true;
  private @Nullable CompletableFuture<AudioSlice> request;

  RedisAudioReader(
      SharedRedisConnection redis,
      Bells bells,
      AudioReads reads,
      UnreadableEntries unreadable,
      String key,
      long position) {
    this.redis = redis;
    this.bells = bells;
    this.reads = reads;
    this.unreadable = unreadable;
    this.key = key;
    this.position = position;
    this.lastId = position + "-0";
    redis.execute(() -> bells.listen(key, bell));
  }

  @Override
  public CompletionStage<AudioSlice> next() {
    CompletableFuture<AudioSlice> asked = new CompletableFuture<>();
    redis.execute(() -> {
      request = asked;
      reads.await(this);
    });
    return asked;
  }

  @Override
  public void close() {
    redis.execute(() -> {
      request = null;
      bells.ignore(key, bell);
      reads.forget(this);
    });
  }

  String key() {
    return key;
  }

  String lastId() {
    return lastId;
  }

  boolean hasRung() {
    return rung;
  }

  /// It is read now: what rings from here on is news.
  void heard() {
    rung = false;
  }

  void rings() {
    rung = true;
  }

  private void ringAndPump() {
    rung = true;
    reads.pump();
  }

  void answered(List<StreamMessage<String, byte[]>> messages) {
    List<AudioSlice.Entry> entries = new ArrayList<>(messages.size());
    Optional<AudioSlice.End> end = Optional.empty();
    for (StreamMessage<String, byte[]> message : messages) {
      lastId = message.getId();
      Map<String, byte[]> body = message.getBody();
      byte[] reason = body.get("end");
      if (reason != null) {
        end = Optional.of(new AudioSlice.End(position(message), Reply.asText(reason)));
        break;
      }
      AudioSlice.Entry entry = decode(message);
      if (entry == null) {
        unreadable.report(key, message.getId(), "audio entry without pcm, t or position");
      } else {
        entries.add(entry);
        position = entry.end();
      }
    }
    CompletableFuture<AudioSlice> asked = request;
    if (asked == null) {
      return;
    }
    if (entries.isEmpty() && end.isEmpty()) {
      reads.await(this);
      return;
    }
    request = null;
    asked.complete(new AudioSlice(entries, end));
  }

  /// The end position, which is the first half of the id.
  private static long position(StreamMessage<String, byte[]> message) {
    String id = message.getId();
    return Long.parseLong(id, 0, id.indexOf('-'), 10);
  }

  private AudioSlice.@Nullable Entry decode(StreamMessage<String, byte[]> message) {
    byte[] pcm = message.getBody().get("pcm");
    byte[] arrived = message.getBody().get("t");
    if (pcm == null || arrived == null) {
      return null;
    }
    try {
      long start = position(message) - pcm.length;
      long arrivedMillis = Long.parseLong(Reply.asText(arrived));
      if (start < 0) {
        return null;
      }
      if (start < position) {
        int skip = (int) Math.min(position - start, pcm.length);
        return new AudioSlice.Entry(
            start + skip, Arrays.copyOfRange(pcm, skip, pcm.length), arrivedMillis);
      }
      return new AudioSlice.Entry(start, pcm, arrivedMillis);
    } catch (NumberFormatException notAPosition) {
      return null;
    }
  }
}
