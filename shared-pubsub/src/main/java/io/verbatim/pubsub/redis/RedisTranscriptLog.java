package io.verbatim.pubsub.redis;

import io.lettuce.core.protocol.CommandType;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/// The transcript log on Redis: a stream of final entries and a hash of the live state.
final class RedisTranscriptLog implements TranscriptLog {
  private static final byte[] XRANGE = Reply.bytes("XRANGE");
  private static final byte[] XREVRANGE = Reply.bytes("XREVRANGE");
  private static final byte[] COUNT = Reply.bytes("COUNT");
  private static final byte[] NO_WORDS = new byte[0];

  private final RedisConnection redis;
  private final RedisSettings settings;
  private final Invalidations invalidations;
  private final RedisCallDirectory directory;
  private final RedisDeadLetters deadLetters;

  RedisTranscriptLog(
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
  public CompletionStage<WriteResult<Long>> append(
      CallId call, String owner, Coverage coverage, Speech words) {
    if (coverage.to() == coverage.from()) {
      throw new IllegalArgumentException(
          "the coverage of a final must not be empty: a retry would look like a new write");
    }
    return step(call, owner, coverage, TranscriptJson.write(words), words.unconfirmed());
  }

  @Override
  public CompletionStage<WriteResult<Long>> cover(CallId call, String owner, Coverage coverage) {
    return step(call, owner, coverage, NO_WORDS, false);
  }

  private CompletionStage<WriteResult<Long>> step(
      CallId call, String owner, Coverage coverage, byte[] words, boolean unconfirmed) {
    return redis
        .run(
            Script.FINAL,
            keys(call),
            Reply.bytes(owner),
            Reply.bytes(coverage.channel()),
            Reply.bytes(coverage.from()),
            Reply.bytes(coverage.to()),
            words,
            expiry(),
            Reply.bytes(unconfirmed ? 1 : 0))
        .thenApply(RedisTranscriptLog::ownerOutcome);
  }

  @Override
  public CompletionStage<WriteResult<Long>> appendGap(
      CallId call, String owner, long from, long to, String reason) {
    return redis
        .run(
            Script.GAP,
            keys(call),
            Reply.bytes(owner),
            Reply.bytes(from),
            Reply.bytes(to),
            Reply.bytes(reason),
            expiry())
        .thenApply(RedisTranscriptLog::ownerOutcome);
  }

  @Override
  public CompletionStage<WriteResult<Long>> recordSent(CallId call, String owner, long bytes) {
    return redis
        .run(
            Script.SENT,
            new String[] {redis.keys().call(call)},
            Reply.bytes(owner),
            Reply.bytes(bytes))
        .thenApply(RedisTranscriptLog::ownerOutcome);
  }

  @Override
  public CompletionStage<WriteResult<Long>> setInterim(CallId call, String owner, Speech interim) {
    return setLiveState(
        call, owner, "interim:" + interim.channel(), TranscriptJson.write(interim), false);
  }

  @Override
  public CompletionStage<WriteResult<Long>> setRecognizer(
      CallId call, String owner, RecognizerStatus status) {
    boolean connected = status.state() == RecognizerStatus.State.CONNECTED;
    return setLiveState(call, owner, "recognizer", TranscriptJson.write(status), connected)
        .thenCompose(outcome ->
            // The list of calls shows the state. A failed update of the list must not fail the
            // write.
            outcome instanceof WriteResult.Written
                ? directory.touch(call).handle((_, _) -> outcome)
                : CompletableFuture.completedFuture(outcome));
  }

  private CompletionStage<WriteResult<Long>> setLiveState(
      CallId call, String owner, String field, byte[] value, boolean connected) {
    return redis
        .run(
            Script.LIVE_STATE,
            new String[] {redis.keys().call(call), redis.keys().liveState(call)},
            Reply.bytes(owner),
            Reply.bytes(field),
            value,
            expiry(),
            Reply.bytes(connected ? "1" : "0"))
        .thenApply(RedisTranscriptLog::ownerOutcome);
  }

  @Override
  public CompletionStage<WriteResult<Long>> end(
      CallId call,
      String owner,
      List<Long> covered,
      long end,
      String reason,
      UncoveredTail uncovered) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Reply.bytes(owner));
    arguments.add(Reply.bytes(end));
    arguments.add(Reply.bytes(reason));
    arguments.add(Reply.bytes(settings.transcriptRetention().toMillis()));
    arguments.add(Reply.bytes(uncovered.reason()));
    arguments.add(Reply.bytes(uncovered.unconfirmedTo()));
    arguments.add(
        Reply.bytes(covered.stream().map(String::valueOf).collect(Collectors.joining(","))));
    arguments.add(Reply.bytes(uncovered.deadLettered() ? 1 : 0));
    uncovered.unconfirmed().forEach(words -> arguments.add(TranscriptJson.write(words)));
    return redis
        .run(Script.ENDED, keys(call), arguments.toArray(new byte[0][]))
        .thenApply(RedisTranscriptLog::ownerOutcome)
        .thenCompose(outcome ->
            outcome instanceof WriteResult.Gone
                ? CompletableFuture.completedFuture(outcome)
                : directory.touch(call).thenApply(_ -> outcome));
  }

  private static WriteResult<Long> ownerOutcome(Reply reply) {
    return switch (reply.word()) {
      case "written" -> new WriteResult.Written<>(reply.number(1));
      case "moved" -> new WriteResult.Moved<>(reply.number(1));
      case "fenced" -> new WriteResult.Fenced<>();
      case "ended" -> new WriteResult.Ended<>();
      case "gone" -> new WriteResult.Gone<>();
      default -> throw new IllegalStateException("an owner script returned " + reply.word());
    };
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> read(CallId call, String afterId, int limit) {
    return readForward(
        redis.keys().transcript(call), afterId, limit, new ArrayList<>(), new SkippedEntries());
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit) {
    return readBackward(redis.keys().transcript(call), "+", limit, new ArrayList<>());
  }

  /// Reads further back past unreadable entries, until there are enough or the transcript starts.
  ///
  /// @param read the entries so far, newest first
  private CompletionStage<List<TranscriptEntry>> readBackward(
      String key, String from, int limit, List<StreamEntry> read) {
    return redis
        .dispatch(range(CommandType.XREVRANGE, XREVRANGE, key, from, "-", limit))
        .thenCompose(messages -> {
          read.addAll(messages);
          List<TranscriptEntry> entries = decode(key, read.reversed(), new SkippedEntries());
          return entries.size() >= limit || messages.size() < limit
              ? CompletableFuture.completedFuture(
                  entries.subList(Math.max(0, entries.size() - limit), entries.size()))
              : readBackward(key, "(" + messages.getLast().id(), limit, read);
        });
  }

  @Override
  public CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id) {
    String key = redis.keys().transcript(call);
    return redis
        .dispatch(range(CommandType.XRANGE, XRANGE, key, id, id, 1))
        .thenApply(messages -> decode(key, messages, new SkippedEntries()).stream().findFirst());
  }

  /// Reads further past unreadable entries, because fewer than `limit` means that none follow.
  private CompletionStage<List<TranscriptEntry>> readForward(
      String key, String afterId, int limit, List<TranscriptEntry> read, SkippedEntries skipped) {
    int wanted = limit - read.size();
    return redis
        .dispatch(range(CommandType.XRANGE, XRANGE, key, "(" + afterId, "+", wanted))
        .thenCompose(messages -> {
          read.addAll(decode(key, messages, skipped));
          return read.size() == limit || messages.size() < wanted
              ? CompletableFuture.completedFuture(read)
              : readForward(key, messages.getLast().id(), limit, read, skipped);
        });
  }

  private static RedisCall<List<StreamEntry>> range(
      CommandType type, byte[] command, String key, String from, String to, int count) {
    return new RedisCall<>(
        type,
        new ReplyOutput<>(StreamEntry::ofRange),
        (out, _) -> {
          out.array(6);
          out.bytes(command);
          out.text(key);
          out.text(from);
          out.text(to);
          out.bytes(COUNT);
          out.number(count);
        });
  }

  @Override
  public TranscriptReader follow(CallId call, String afterId) {
    return new RedisTranscriptReader(
        redis, invalidations, this, deadLetters::report, call, afterId);
  }

  /// Decodes messages. Unreadable ones become dead letters.
  ///
  /// @param skipped the unreadable entries just before
  List<TranscriptEntry> decode(String key, List<StreamEntry> messages, SkippedEntries skipped) {
    List<TranscriptEntry> entries = new ArrayList<>(messages.size());
    for (StreamEntry message : messages) {
      Link link = link(message.body());
      try {
        entries.add(decode(message.id(), skipped.join(link), message.body()));
        skipped.clear();
      } catch (IllegalArgumentException invalid) {
        skipped.add(link);
        deadLetters.report(key, message.id(), String.valueOf(invalid.getMessage()));
      }
    }
    return entries;
  }

  private static Link link(Map<String, byte[]> body) {
    return body.containsKey("line") && body.containsKey("after")
        ? new Link(text(body, "after"), text(body, "line"))
        : Link.NONE;
  }

  static TranscriptEntry decode(String id, Map<String, byte[]> body) {
    return decode(id, link(body), body);
  }

  private static TranscriptEntry decode(String id, Link link, Map<String, byte[]> body) {
    String type = text(body, "type");
    return switch (type) {
      case "final" ->
          new TranscriptEntry.Final(
              id,
              link,
              number(body, "seq"),
              TranscriptJson.speech(text(body, "data")),
              body.containsKey("at") ? number(body, "at") : 0);
      case "gap" -> {
        TranscriptJson.GapBody gap = TranscriptJson.gap(text(body, "data"));
        yield new TranscriptEntry.Gap(id, link, gap.startMs(), gap.endMs(), gap.reason());
      }
      case "ended" ->
          new TranscriptEntry.Ended(
              id,
              link,
              text(body, "reason"),
              number(body, "duration"),
              text(body, "complete").equals("1"));
      default -> throw new IllegalArgumentException("a transcript entry with an unknown type");
    };
  }

  private static long number(Map<String, byte[]> body, String field) {
    String value = text(body, field);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException invalid) {
      throw new IllegalArgumentException(
          "a transcript entry with a " + field + " that is not a number", invalid);
    }
  }

  private static String text(Map<String, byte[]> body, String field) {
    byte[] value = body.get(field);
    if (value == null) {
      throw new IllegalArgumentException("a transcript entry without " + field);
    }
    return Reply.asText(value);
  }

  private String[] keys(CallId call) {
    return new String[] {
      redis.keys().call(call),
      redis.keys().transcript(call),
      redis.keys().liveState(call),
      redis.keys().audio(call)
    };
  }

  private byte[] expiry() {
    return Reply.bytes(settings.liveExpiry().toMillis());
  }
}
