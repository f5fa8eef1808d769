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

/// One reader's place in one transcript. Everything but [#next] and [#close] runs on the bus's
/// thread.
final class RedisTranscriptReader implements TranscriptReader {
  private static final byte[] HGETALL = Reply.bytes("HGETALL");
  private static final byte[] XREAD = Reply.bytes("XREAD");
  private static final byte[] COUNT = Reply.bytes("COUNT");
  private static final byte[] STREAMS = Reply.bytes("STREAMS");
  private static final int MAX_ENTRIES = 100;
  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
  private static final Duration BEFORE_LOOKING_AGAIN = Duration.ofSeconds(1);

  private final RedisConnection redis;
  private final Invalidations invalidations;
  private final RedisTranscriptLog log;
  private final UnreadableEntries unreadable;
  private final String transcript;
  private final String register;
  private final Runnable onChange = this::ring;
  private String lastId;
  private @Nullable LiveState lastNow;
  private final SkippedEntries skipped = new SkippedEntries();
  private boolean caughtUp;
  private boolean rung = true;
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
    this.register = redis.keys().now(call);
    this.lastId = afterId;
    redis.execute(() -> {
      invalidations.add(transcript, onChange);
      invalidations.add(register, onChange);
    });
  }

  @Override
  public CompletionStage<TranscriptChange> next() {
    CompletableFuture<TranscriptChange> asked = new CompletableFuture<>();
    redis.execute(() -> {
      request = asked;
      read();
    });
    return asked;
  }

  @Override
  public void close() {
    redis.execute(() -> {
      request = null;
      invalidations.remove(transcript, onChange);
      invalidations.remove(register, onChange);
    });
  }

  private void ring() {
    rung = true;
    read();
  }

  /// The register first, then the entries: an interim is gone only when its final is there to be
  /// read.
  private void read() {
    if (request == null || !rung || reading) {
      return;
    }
    rung = false;
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
                      out.text(register);
                    }))
            .exceptionally(this::noRegister);
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

  /// A key of another type in the register's place hides what is being said, not what stands.
  private Map<String, byte[]> noRegister(Throwable failure) {
    if (!WrongType.isCauseOf(failure)) {
      throw new CompletionException(failure);
    }
    unreadable.report(register, "key", "not a hash");
    return Map.of();
  }

  private TranscriptChange change(List<StreamEntry> messages, Map<String, byte[]> fields) {
    if (!messages.isEmpty()) {
      lastId = messages.getLast().id();
    }
    boolean cut = messages.size() == MAX_ENTRIES;
    rung |= cut;
    return new TranscriptChange(log.decode(transcript, messages, skipped), now(fields), !cut);
  }

  private void answer(@Nullable TranscriptChange change, @Nullable Throwable failure) {
    reading = false;
    if (failure != null && WrongType.isCauseOf(failure)) {
      unreadable.report(transcript, "key", "not a stream");
      redis.schedule(this::ring, BEFORE_LOOKING_AGAIN);
      return;
    }
    if (failure != null || change == null) {
      redis.schedule(this::ring, AFTER_FAILURE);
      return;
    }
    CompletableFuture<TranscriptChange> asked = request;
    boolean catchesUp = change.caughtUp() && !caughtUp;
    if (asked == null
        || (change.entries().isEmpty() && change.now().equals(lastNow) && !catchesUp)) {
      read();
      return;
    }
    invalidations.foundSomething();
    lastNow = change.now();
    caughtUp = change.caughtUp();
    request = null;
    asked.complete(change);
  }

  /// What of it cannot be read is not shown: it is about to be replaced anyway.
  private LiveState now(Map<String, byte[]> fields) {
    Optional<RecognizerStatus> recognizer = Optional.empty();
    Map<String, Speech> interims = new TreeMap<>();
    for (Map.Entry<String, byte[]> field : fields.entrySet()) {
      try {
        if (field.getKey().equals("recognizer")) {
          recognizer = Optional.of(TranscriptJson.recognizerStatus(Reply.asText(field.getValue())));
        } else if (field.getKey().startsWith("interim:")) {
          interims.put(field.getKey(), TranscriptJson.speech(Reply.asText(field.getValue())));
        }
      } catch (IllegalArgumentException notOurs) {
        unreadable.report(register, "field", "one that cannot be read");
      }
    }
    byte[] line = fields.get("line");
    return new LiveState(
        new ArrayList<>(interims.values()),
        recognizer,
        line == null ? "" : skipped.visible(Reply.asText(line)));
  }
}
