package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.WriteResult;

/// A call's writer, as ingest is: tracks the tail of the log and numbers its frames.
public final class Caller {
  private final Bus bus;
  private final CallStart start;
  private final String writer;
  private long tail;
  private long seq;

  private Caller(Bus bus, CallStart start, String writer) {
    this.bus = bus;
    this.start = start;
    this.writer = writer;
  }

  /// Opens a new call.
  public static Caller openNew(Bus bus, CallStart start) {
    Caller caller = new Caller(bus, start, "writer-of-" + start.call());
    assertThat(caller.open(false)).isEqualTo(new Opening.Opened(false, 0, 0, 0, 0));
    return caller;
  }

  /// A writer with this token that has not opened the call.
  public static Caller withToken(Bus bus, CallStart start, String writer) {
    return new Caller(bus, start, writer);
  }

  public Opening open(boolean resume) {
    Opening opening = Answers.of(bus.audio().open(start, writer, resume));
    if (opening instanceof Opening.Opened opened) {
      tail = opened.tail();
      seq = opened.seq();
    }
    return opening;
  }

  public CallId call() {
    return start.call();
  }

  public long tail() {
    return tail;
  }

  /// The next audio at the tail, without appending it.
  public AudioAppend next(int bytes) {
    return at(tail, tail + bytes, bytes);
  }

  /// Audio with the given end position and expected tail.
  public AudioAppend at(long expectedTail, long end, int bytes) {
    return AudioAppend.whole(
        call(), writer, expectedTail, end, seq + 1, Samples.pcm(end - bytes, bytes), 1000 + end);
  }

  public WriteResult<AudioTail> append(AudioAppend audio) {
    WriteResult<AudioTail> outcome = Answers.of(bus.audio().append(audio));
    if (outcome instanceof WriteResult.Written(AudioTail stored)) {
      tail = stored.tail();
      seq = stored.seq();
    }
    return outcome;
  }

  /// Appends audio and asserts that it is stored.
  public Caller store(int bytes) {
    assertThat(append(next(bytes))).isInstanceOf(WriteResult.Written.class);
    return this;
  }

  /// Drops `lost` bytes, and then appends audio and asserts that it is stored.
  public Caller storeAfterLoss(int lost, int bytes) {
    assertThat(append(at(tail, tail + lost + bytes, bytes)))
        .isInstanceOf(WriteResult.Written.class);
    return this;
  }

  /// Trims the older audio. Returns the number of bytes removed.
  public long trimOldest() {
    return Answers.of(bus.audio().trimOldest(call(), writer));
  }

  public WriteResult<AudioTail> end(long end, String reason) {
    return Answers.of(bus.audio().end(call(), writer, tail, end, reason));
  }

  public WriteResult<CallProgress> heartbeat() {
    return Answers.of(bus.audio().heartbeat(call(), writer));
  }
}
