package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.AliveOutcome;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.WriterOutcome;
import io.verbatim.pubsub.message.WriterWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The audio port.
final class InMemoryAudioLog implements AudioLog {
  private final BusThread thread;
  private final Calls calls;
  private final Dispatcher dispatcher = new Dispatcher();
  private final Duration retention;
  private final Duration lease;

  InMemoryAudioLog(BusThread thread, Calls calls, Duration retention, Duration lease) {
    this.thread = thread;
    this.calls = calls;
    this.retention = retention;
    this.lease = lease;
  }

  @Override
  public CompletionStage<Opening> open(CallStart start, String writer, boolean resume) {
    return thread.ask(() ->
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
    return thread.tell(() -> calls.find(call).ifPresent(dispatcher::announce));
  }

  @Override
  public CompletionStage<WriterOutcome> append(AudioAppend audio) {
    return thread.ask(() ->
        calls.change(
            audio.call(), new WriterOutcome.Gone(), call -> call.append(audio, retention)));
  }

  /// Nobody without room asks for it here; it does what it would.
  @Override
  public CompletionStage<Long> shed(CallId id, String writer) {
    return thread.ask(() -> calls.change(id, 0L, call -> call.shed(writer, LEAST_KEPT)));
  }

  @Override
  public CompletionStage<WriterOutcome> end(
      CallId id, String writer, long expectedTail, long end, String reason) {
    return thread.ask(() ->
        calls.change(
            id,
            new WriterOutcome.Gone(),
            call -> call.endAudio(writer, expectedTail, end, reason)));
  }

  @Override
  public CompletionStage<AliveOutcome> alive(CallId id, String writer) {
    return thread.ask(() -> calls.change(id, new AliveOutcome.Gone(), call -> call.alive(writer)));
  }

  @Override
  public CompletionStage<AbandonOutcome> abandon(
      CallId id, String owner, WriterWatch watch, Duration silence, String reason) {
    return thread.ask(() ->
        calls.change(
            id,
            new AbandonOutcome.NotYours(),
            call -> call.abandon(owner, watch.at(Instant.now().toEpochMilli()), silence, reason)));
  }

  @Override
  public AudioReader read(CallId call, long position) {
    return new Reader(call, position);
  }

  @Override
  public Leases lease(int permits, LeaseHolder holder) {
    InMemoryLeases leases = new InMemoryLeases(thread, dispatcher, permits, lease, holder);
    thread.callBack(() -> dispatcher.join(leases));
    return leases;
  }

  private final class Reader extends PullReader<AudioSlice> implements AudioReader {
    private final CallId call;
    private long position;
    private boolean ended;

    Reader(CallId call, long position) {
      super(thread, calls.bells, call);
      this.call = call;
      this.position = position;
    }

    @Override
    Optional<AudioSlice> look() {
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
