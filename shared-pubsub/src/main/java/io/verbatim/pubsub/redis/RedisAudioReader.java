package io.verbatim.pubsub.redis;

import io.lettuce.core.StreamMessage;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.message.AudioSlice;
import java.util.ArrayList;
import java.util.List;
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

  void ringAndPump() {
    rung = true;
    reads.pump();
  }

  /// Its key holds something else. It stays this call's misfortune, for as long as that is so.
  void hasNoStream() {
    unreadable.report(key, "key", "not a stream");
  }

  void answered(List<StreamMessage<String, byte[]>> messages) {
    List<AudioSlice.Entry> entries = new ArrayList<>(messages.size());
    Optional<AudioSlice.End> end = Optional.empty();
    for (StreamMessage<String, byte[]> message : messages) {
      lastId = message.getId();
      switch (AudioEntry.read(lastId, message.getBody(), position)) {
        case AudioEntry.Audio(AudioSlice.Entry entry) -> {
          entries.add(entry);
          position = entry.end();
        }
        case AudioEntry.End(AudioSlice.End last) -> end = Optional.of(last);
        case AudioEntry.Unreadable(String reason) -> unreadable.report(key, lastId, reason);
      }
      if (end.isPresent()) {
        break;
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
}
