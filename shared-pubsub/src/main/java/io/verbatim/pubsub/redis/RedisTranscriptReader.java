package io.verbatim.pubsub.redis;

import io.lettuce.core.protocol.CommandType;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.LiveState;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A reader of one transcript, with its position. Confined to the event loop, except [#next] and
/// [#close].
final class RedisTranscriptReader implements TranscriptReader {
  private static final byte[] HGETALL = Reply.bytes("HGETALL");
  private static final byte[] XREAD = Reply.bytes("XREAD");
  private static final byte[] COUNT = Reply.bytes("COUNT");
  private static final byte[] STREAMS = Reply.bytes("STREAMS");
  private static final int MAX_ENTRIES = 100;
  private static final Duration FAILURE_RETRY = Duration.ofMillis(100);
  private static final Duration WRONG_TYPE_RETRY = Duration.ofSeconds(1);

  private final RedisConnection redis;
  private final Invalidations invalidations;
  private final RedisTranscriptLog log;
  private final UnreadableEntries unreadable;
  private final String transcript;
  private final String liveStateKey;
  private final Runnable onChange = this::markChanged;
  private String lastId;
  private @Nullable LiveState lastLiveState;
  private final SkippedEntries skipped = new SkippedEntries();
  private boolean caughtUp;
  private boolean changed = true;
  private boolean reading;
  private @Nullable CompletableFuture<TranscriptChange> request;

  RedisTranscriptReader(
      RedisConnection redis,
      Invalidations invalidations,
      RedisTranscriptLog log,
      UnreadableEntries unreadable,
      CallId call,
      String afterId) {
    this.redis = redis;
    this.invalidations = invalidations;
    this.log = log;
    this.unreadable = unreadable;
    this.transcript = redis.keys().transcript(call);
    this.liveStateKey = redis.keys().liveState(call);
    this.lastId = afterId;
    redis.execute(() -> {
      invalidations.add(transcript, onChange);
      invalidations.add(liveStateKey, onChange);
    });
  }

  @Override
  public CompletionStage<TranscriptChange> next() {
    CompletableFuture<TranscriptChange> pending = new CompletableFuture<>();
    redis.execute(() -> {
      request = pending;
      read();
    });
    return pending;
  }

  @Override
  public void close() {
    redis.execute(() -> {
      request = null;
      invalidations.remove(transcript, onChange);
      invalidations.remove(liveStateKey, onChange);
    });
  }

  private void markChanged() {
    changed = true;
    read();
  }

  /// Reads the live state first and then the entries, so that an interim disappears only after its
  /// final is readable.
  private void read() {
    if (request == null || !changed || reading) {
      return;
    }
    changed = false;
    reading = true;
    invalidations.trackNextRead();
    CompletableFuture<Map<String, byte[]>> fields =
        redis
            .dispatch(
                new RedisCall<>(
                    CommandType.HGETALL,
                    new ReplyOutput<>(Reply::hash),
                    (out, _) -> {
                      out.array(2);
                      out.bytes(HGETALL);
                      out.text(liveStateKey);
                    }))
            .exceptionally(this::noLiveState);
    invalidations.trackNextRead();
    redis
        .dispatch(
            new RedisCall<>(
                CommandType.XREAD, new ReplyOutput<>(StreamEntry::ofRead), (out, _) -> xread(out)))
        .thenCombine(fields, this::change)
        .whenComplete(this::answer);
  }

  private void xread(RespWriter out) {
    out.array(6);
    out.bytes(XREAD);
    out.bytes(COUNT);
    out.number(MAX_ENTRIES);
    out.bytes(STREAMS);
    out.text(transcript);
    out.text(lastId);
  }

  /// A live state key of another type hides the interims, but not the entries.
  private Map<String, byte[]> noLiveState(Throwable failure) {
    if (!WrongType.isCauseOf(failure)) {
      throw new CompletionException(failure);
    }
    unreadable.report(liveStateKey, "key", "not a hash");
    return Map.of();
  }

  private TranscriptChange change(List<StreamEntry> messages, Map<String, byte[]> fields) {
    if (!messages.isEmpty()) {
      lastId = messages.getLast().id();
    }
    boolean cut = messages.size() == MAX_ENTRIES;
    changed |= cut;
    return new TranscriptChange(log.decode(transcript, messages, skipped), liveState(fields), !cut);
  }

  private void answer(@Nullable TranscriptChange change, @Nullable Throwable failure) {
    reading = false;
    if (failure != null && WrongType.isCauseOf(failure)) {
      unreadable.report(transcript, "key", "not a stream");
      redis.schedule(this::markChanged, WRONG_TYPE_RETRY);
      return;
    }
    if (failure != null || change == null) {
      redis.schedule(this::markChanged, FAILURE_RETRY);
      return;
    }
    CompletableFuture<TranscriptChange> pending = request;
    boolean catchesUp = change.caughtUp() && !caughtUp;
    if (pending == null
        || (change.entries().isEmpty() && change.liveState().equals(lastLiveState) && !catchesUp)) {
      read();
      return;
    }
    invalidations.foundSomething();
    lastLiveState = change.liveState();
    caughtUp = change.caughtUp();
    request = null;
    pending.complete(change);
  }

  /// Decodes the live state. Skips unreadable fields, which the next update replaces.
  private LiveState liveState(Map<String, byte[]> fields) {
    Optional<RecognizerStatus> recognizer = Optional.empty();
    Map<String, Speech> interims = new TreeMap<>();
    for (Map.Entry<String, byte[]> field : fields.entrySet()) {
      try {
        if (field.getKey().equals("recognizer")) {
          recognizer = Optional.of(TranscriptJson.recognizerStatus(Reply.asText(field.getValue())));
        } else if (field.getKey().startsWith("interim:")) {
          interims.put(field.getKey(), TranscriptJson.speech(Reply.asText(field.getValue())));
        }
      } catch (IllegalArgumentException invalid) {
        unreadable.report(liveStateKey, field.getKey(), "unreadable field of the live state");
      }
    }
    byte[] line = fields.get("line");
    return new LiveState(
        new ArrayList<>(interims.values()),
        recognizer,
        line == null ? "" : skipped.visible(Reply.asText(line)));
  }
}
