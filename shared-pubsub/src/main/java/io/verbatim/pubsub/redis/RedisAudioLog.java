package io.verbatim.pubsub.redis;

import io.lettuce.core.Range;
import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.AliveOutcome;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.Opening.Opened;
import io.verbatim.pubsub.message.Opening.Reason;
import io.verbatim.pubsub.message.Opening.Refused;
import io.verbatim.pubsub.message.WriterOutcome;
import io.verbatim.pubsub.message.WriterWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The audio log on Redis: a stream per call whose ids are positions.
final class RedisAudioLog implements AudioLog {
  private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

  private final SharedRedisConnection redis;
  private final RedisSettings settings;
  private final Bells bells;
  private final AudioReads reads;
  private final AppendWindow window = new AppendWindow();
  private final RedisCallDirectory directory;
  private final RedisDeadLetters deadLetters;

  RedisAudioLog(
      SharedRedisConnection redis,
      RedisSettings settings,
      Bells bells,
      RedisCallDirectory directory,
      RedisDeadLetters deadLetters) {
    this.redis = redis;
    this.settings = settings;
    this.bells = bells;
    this.reads = new AudioReads(redis, bells);
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
    arguments.addAll(CallHash.extraFields(start));
    return redis
        .run(Script.OPEN, new String[] {Keys.call(start.call())}, arguments.toArray(new byte[0][]))
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
      default -> throw new IllegalStateException("open.lua answered " + reply.word());
    };
  }

  private static CompletionStage<Opening> refused(Reason reason) {
    return CompletableFuture.completedFuture(new Refused(reason));
  }

  /// One announcement per call: where the one that the hash names still stands, there is nothing to
  /// do.
  @Override
  public CompletionStage<Void> announce(CallId call) {
    return redis
        .send(commands -> commands.hmget(Keys.call(call), "state", "entry"))
        .thenCompose(known ->
            known.get(0).hasValue()
                ? announced(known.get(1).optional().map(Reply::asText))
                    .thenCompose(announced -> announced ? DONE : announceAnew(call))
                    .thenCompose(_ -> directory.touch(call))
                : DONE);
  }

  private CompletionStage<Boolean> announced(Optional<String> entry) {
    return entry.isEmpty()
        ? CompletableFuture.completedFuture(false)
        : redis
            .send(commands ->
                commands.xrange(Keys.ANNOUNCEMENTS, Range.create(entry.get(), entry.get())))
            .thenApply(found -> !found.isEmpty());
  }

  private CompletionStage<Void> announceAnew(CallId call) {
    return redis
        .send(commands ->
            commands.xadd(Keys.ANNOUNCEMENTS, Map.of("call", Reply.bytes(call.value()))))
        .thenCompose(entry ->
            redis.send(commands -> commands.hset(Keys.call(call), "entry", Reply.bytes(entry))))
        .thenAccept(_ -> {});
  }

  @Override
  public CompletionStage<WriterOutcome> append(AudioAppend audio) {
    CompletableFuture<Reply> appended = new CompletableFuture<>();
    redis.executeOrElse(
        () -> window.send(audio.pcm().length, () -> sendAppend(audio), appended), appended);
    return appended.thenApply(RedisAudioLog::writerOutcome);
  }

  private CompletableFuture<Reply> sendAppend(AudioAppend audio) {
    return redis.run(
        Script.APPEND,
        new String[] {Keys.call(audio.call()), Keys.audio(audio.call())},
        Reply.bytes(audio.writer()),
        Reply.bytes(audio.expectedTail()),
        Reply.bytes(audio.end()),
        Reply.bytes(audio.seq()),
        Reply.bytes(audio.partialBytes()),
        audio.pcm(),
        Reply.bytes(audio.arrivedMillis()),
        Reply.bytes(settings.audioRetention().toMillis()),
        Reply.bytes(audio.mostUnreadBytes()),
        Reply.bytes(WriterWatch.LONGEST_STEP.toMillis()),
        expiry());
  }

  @Override
  public CompletionStage<Long> shed(CallId call, String writer) {
    return redis
        .run(
            Script.SHED,
            new String[] {Keys.call(call), Keys.audio(call)},
            Reply.bytes(writer),
            Reply.bytes(LEAST_KEPT.toMillis()))
        .thenApply(reply -> reply.word().equals("shed") ? reply.number(1) : 0L);
  }

  @Override
  public CompletionStage<WriterOutcome> end(
      CallId call, String writer, long expectedTail, long end, String reason) {
    return redis
        .run(
            Script.END_AUDIO,
            new String[] {Keys.call(call), Keys.audio(call)},
            Reply.bytes(writer),
            Reply.bytes(expectedTail),
            Reply.bytes(end),
            Reply.bytes(reason),
            expiry())
        .thenApply(RedisAudioLog::writerOutcome);
  }

  private static WriterOutcome writerOutcome(Reply reply) {
    return switch (reply.word()) {
      case "stored" -> new WriterOutcome.Stored(reply.number(1), reply.number(2), reply.number(3));
      case "moved" -> new WriterOutcome.Moved(reply.number(1), reply.number(2), reply.number(3));
      case "fenced" -> new WriterOutcome.Fenced();
      case "ended" -> new WriterOutcome.Ended();
      case "gone" -> new WriterOutcome.Gone();
      default -> throw new IllegalStateException("a writer's script answered " + reply.word());
    };
  }

  @Override
  public CompletionStage<AliveOutcome> alive(CallId call, String writer) {
    return redis
        .run(
            Script.ALIVE,
            new String[] {Keys.call(call), Keys.audio(call), Keys.transcript(call), Keys.now(call)},
            Reply.bytes(writer),
            expiry(),
            Reply.bytes(WriterWatch.LONGEST_STEP.toMillis()))
        .thenCompose(reply ->
            switch (reply.word()) {
              case "alive" -> {
                AliveOutcome alive =
                    new AliveOutcome.Alive(
                        reply.text(1).equals("1"),
                        reply.number(2),
                        reply.number(3),
                        reply.text(4).equals("1"));
                // At maxmemory the score must wait; the sign of life was given.
                yield directory.touch(call).handle((_, _) -> alive);
              }
              case "fenced" -> CompletableFuture.completedFuture(new AliveOutcome.Fenced());
              case "ended" -> CompletableFuture.completedFuture(new AliveOutcome.Ended());
              case "gone" -> CompletableFuture.completedFuture(new AliveOutcome.Gone());
              default -> throw new IllegalStateException("alive.lua answered " + reply.word());
            });
  }

  @Override
  public CompletionStage<AbandonOutcome> abandon(
      CallId call, String owner, WriterWatch watch, Duration silence, String reason) {
    return redis
        .run(
            Script.ABANDON,
            new String[] {Keys.call(call), Keys.audio(call)},
            Reply.bytes(owner),
            Reply.bytes(silence.toMillis()),
            Reply.bytes(reason),
            expiry(),
            Reply.bytes(watch.sinceMillis()),
            Reply.bytes(watch.untilMillis()),
            Reply.bytes(WriterWatch.LONGEST_STEP.toMillis()))
        .thenApply(reply ->
            switch (reply.word()) {
              case "abandoned" -> new AbandonOutcome.Abandoned();
              case "waiting" ->
                  new AbandonOutcome.Waiting(new WriterWatch(reply.number(1), reply.number(2)));
              case "gone", "ended", "fenced" -> new AbandonOutcome.NotYours();
              default -> throw new IllegalStateException("abandon.lua answered " + reply.word());
            });
  }

  @Override
  public AudioReader read(CallId call, long position) {
    return new RedisAudioReader(
        redis, bells, reads, deadLetters::report, Keys.audio(call), position);
  }

  @Override
  public Leases lease(int permits, LeaseHolder holder) {
    RedisLeases leases =
        new RedisLeases(redis, settings, bells, directory, deadLetters, permits, holder);
    leases.start();
    return leases;
  }

  private byte[] expiry() {
    return Reply.bytes(settings.liveExpiry().toMillis());
  }
}
