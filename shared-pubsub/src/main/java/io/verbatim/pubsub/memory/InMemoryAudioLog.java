package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The audio log in memory.
final class InMemoryAudioLog implements AudioLog {
  private final BusThread thread;
  private final Calls calls;
  private final Dispatcher dispatcher;
  private final Duration retention;

  InMemoryAudioLog(BusThread thread, Calls calls, Dispatcher dispatcher, Duration retention) {
    this.thread = thread;
    this.calls = calls;
    this.dispatcher = dispatcher;
    this.retention = retention;
  }

  @Override
  public CompletionStage<Opening> open(CallStart start, String writer, boolean resume) {
    return thread.request(() ->
        calls
            .find(start.call())
            .map(known -> known.open(start, writer, resume))
            .orElseGet(() -> openNew(start, writer)));
  }

  private Opening openNew(CallStart start, String writer) {
    Call call = new Call(start, writer, Instant.now());
    calls.add(call);
    dispatcher.announce(call);
    return call.opened();
  }

  @Override
  public CompletionStage<Void> announce(CallId call) {
    return thread.run(() -> calls.find(call).ifPresent(dispatcher::announce));
  }

  @Override
  public CompletionStage<WriteResult<AudioTail>> append(AudioAppend audio) {
    return thread.request(() ->
        calls.change(
            audio.call(), new WriteResult.Gone<>(), call -> call.append(audio, retention)));
  }

  /// Never needed here, because this log has no memory limit; behaves as the contract requires.
  @Override
  public CompletionStage<Long> trimOldest(CallId id, String writer) {
    return thread.request(
        () -> calls.change(id, 0L, call -> call.trimOldest(writer, MIN_RETAINED)));
  }

  @Override
  public CompletionStage<WriteResult<AudioTail>> end(
      CallId id, String writer, long expectedTail, long end, String reason) {
    return thread.request(() ->
        calls.change(
            id,
            new WriteResult.Gone<>(),
            call -> call.endAudio(writer, expectedTail, end, reason)));
  }

  @Override
  public CompletionStage<WriteResult<CallProgress>> heartbeat(CallId id, String writer) {
    return thread.request(
        () -> calls.change(id, new WriteResult.Gone<>(), call -> call.heartbeat(writer)));
  }

  @Override
  public AudioReader read(CallId call, long position) {
    return new Reader(call, position);
  }

  private final class Reader extends PullReader<AudioSlice> implements AudioReader {
    private final CallId call;
    private long position;
    private boolean ended;

    Reader(CallId call, long position) {
      super(thread, calls.listeners, call);
      this.call = call;
      this.position = position;
    }

    @Override
    Optional<AudioSlice> read() {
      Optional<AudioSlice> slice =
          ended ? Optional.empty() : calls.find(call).flatMap(c -> c.audio.slice(position));
      slice.ifPresent(this::moveBehind);
      return slice;
    }

    private void moveBehind(AudioSlice slice) {
      if (!slice.entries().isEmpty()) {
        position = slice.entries().getLast().end();
      }
      ended = slice.end().isPresent();
    }
  }
}
