package io.verbatim.pubsub.redis;

import io.lettuce.core.Range;
import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Lines;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.Opening.Opened;
import io.verbatim.pubsub.message.Opening.Reason;
import io.verbatim.pubsub.message.Opening.Refused;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.message.WriterLiveness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The audio log on Redis: one stream per call, with positions as ids.
final class RedisAudioLog implements AudioLog {
  private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

  private final RedisConnection redis;
  private final RedisSettings settings;
  private final Invalidations invalidations;
  private final AudioReads reads;
  private final AppendWindow window;
  private final RedisCallDirectory directory;
  private final RedisDeadLetters deadLetters;

  RedisAudioLog(
      RedisConnection redis,
      RedisSettings settings,
      Invalidations invalidations,
      RedisCallDirectory directory,
      RedisDeadLetters deadLetters) {
    this.redis = redis;
    this.settings = settings;
    this.invalidations = invalidations;
    this.window = new AppendWindow(redis, settings);
    this.reads = new AudioReads(redis, invalidations);
    this.directory = directory;
    this.deadLetters = deadLetters;
  }

  @Override
  public CompletionStage<Opening> open(CallStart start, String writer, boolean resume) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Reply.bytes(writer));
    arguments.add(Reply.bytes(resume ? "1" : "0"));
    arguments.add(Reply.bytes(start.tenant()));
    arguments.add(Reply.bytes(start.format().toString()));
    arguments.add(Reply.bytes(start.format().bytesPerSecond()));
    arguments.add(Reply.bytes(start.format().channels()));
    arguments.add(expiry());
    arguments.add(Reply.bytes(Lines.random()));
    arguments.add(Reply.bytes(Format.VERSION));
    arguments.addAll(CallHash.extraFields(start));
    return redis
        .run(
            Script.OPEN,
            new String[] {redis.keys().call(start.call())},
            arguments.toArray(new byte[0][]))
        .thenCompose(reply -> opened(start.call(), reply));
  }

  private CompletionStage<Opening> opened(CallId call, Reply reply) {
    return switch (reply.word()) {
      case "opened", "resumed" -> {
        Opening opening =
            new Opened(
                reply.word().equals("resumed"),
                reply.number(1),
                reply.number(2),
                reply.number(3),
                (int) reply.number(4));
        yield announce(call).thenApply(_ -> opening);
      }
      case "exists" -> refused(Reason.EXISTS);
      case "ended" -> refused(Reason.ENDED);
      case "other_tenant" -> refused(Reason.OTHER_TENANT);
      case "other_format" -> refused(Reason.OTHER_FORMAT);
      default -> throw new IllegalStateException("open.lua returned " + reply.word());
    };
  }

  private static CompletionStage<Opening> refused(Reason reason) {
    return CompletableFuture.completedFuture(new Refused(reason));
  }

  /// Keeps one announcement per call: does nothing if the announcement that the hash names still
  /// exists.
  @Override
  public CompletionStage<Void> announce(CallId call) {
    return redis
        .send(commands -> commands.hmget(redis.keys().call(call), "state", "entry"))
        .thenCompose(known ->
            known.get(0).hasValue()
                ? announced(known.get(1).optional().map(Reply::asText))
                    .thenCompose(announced -> announced ? DONE : announceAgain(call))
                    .thenCompose(_ -> directory.touch(call))
                : DONE);
  }

  private CompletionStage<Boolean> announced(Optional<String> entry) {
    return entry.isEmpty()
        ? CompletableFuture.completedFuture(false)
        : redis
            .send(commands ->
                commands.xrange(
                    redis.keys().announcements(), Range.create(entry.get(), entry.get())))
            .thenApply(found -> !found.isEmpty());
  }

  private CompletionStage<Void> announceAgain(CallId call) {
    return redis
        .send(commands ->
            commands.xadd(
                redis.keys().announcements(),
                Map.of("v", Reply.bytes(Format.VERSION), "call", Reply.bytes(call.value()))))
        .thenCompose(entry ->
            redis.send(
                commands -> commands.hset(redis.keys().call(call), "entry", Reply.bytes(entry))))
        .thenAccept(_ -> {});
  }

  @Override
  public CompletionStage<WriteResult<AudioTail>> append(AudioAppend audio) {
    return redis.onLoop(() -> window.append(audio));
  }

  @Override
  public CompletionStage<Long> trimOldest(CallId call, String writer) {
    return redis
        .run(
            Script.TRIM_OLDEST,
            new String[] {redis.keys().call(call), redis.keys().audio(call)},
            Reply.bytes(writer),
            Reply.bytes(MIN_RETAINED.toMillis()))
        .thenApply(reply -> reply.word().equals("trimmed") ? reply.number(1) : 0L);
  }

  @Override
  public CompletionStage<WriteResult<AudioTail>> end(
      CallId call, String writer, long expectedTail, long end, String reason) {
    return redis
        .run(
            Script.END_AUDIO,
            new String[] {redis.keys().call(call), redis.keys().audio(call)},
            Reply.bytes(writer),
            Reply.bytes(expectedTail),
            Reply.bytes(end),
            Reply.bytes(reason),
            expiry())
        .thenApply(RedisAudioLog::writerOutcome);
  }

  private static WriteResult<AudioTail> writerOutcome(Reply reply) {
    return switch (reply.word()) {
      case "stored" ->
          new WriteResult.Written<>(
              new AudioTail(reply.number(1), reply.number(2), reply.number(3)));
      case "moved" ->
          new WriteResult.Moved<>(new AudioTail(reply.number(1), reply.number(2), reply.number(3)));
      case "fenced" -> new WriteResult.Fenced<>();
      case "ended" -> new WriteResult.Ended<>();
      case "gone" -> new WriteResult.Gone<>();
      default -> throw new IllegalStateException("a writer script returned " + reply.word());
    };
  }

  @Override
  public CompletionStage<WriteResult<CallProgress>> heartbeat(CallId call, String writer) {
    return redis
        .run(
            Script.HEARTBEAT,
            new String[] {
              redis.keys().call(call),
              redis.keys().audio(call),
              redis.keys().transcript(call),
              redis.keys().liveState(call)
            },
            Reply.bytes(writer),
            expiry(),
            Reply.bytes(WriterLiveness.MAX_CHECK_INTERVAL.toMillis()))
        .thenApply(reply -> heartbeatOutcome(call, reply));
  }

  /// Does not wait for the directory: an append that is answered meanwhile would make the tail of
  /// this answer look like a loss.
  private WriteResult<CallProgress> heartbeatOutcome(CallId call, Reply reply) {
    return switch (reply.word()) {
      case "recorded" -> {
        // At maxmemory the score is not updated, but the heartbeat is recorded.
        var _ = directory.touch(call);
        yield new WriteResult.Written<>(
            new CallProgress(
                reply.text(1).equals("1"),
                reply.number(2),
                reply.number(3),
                reply.text(4).equals("1")));
      }
      case "fenced" -> new WriteResult.Fenced<>();
      case "ended" -> new WriteResult.Ended<>();
      case "gone" -> new WriteResult.Gone<>();
      default -> throw new IllegalStateException("heartbeat.lua returned " + reply.word());
    };
  }

  @Override
  public AudioReader read(CallId call, long position) {
    return new RedisAudioReader(
        redis, invalidations, reads, deadLetters::report, redis.keys().audio(call), position);
  }

  private byte[] expiry() {
    return Reply.bytes(settings.liveExpiry().toMillis());
  }
}
