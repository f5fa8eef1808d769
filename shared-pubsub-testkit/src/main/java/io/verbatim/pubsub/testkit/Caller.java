package io.verbatim.pubsub.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.WriteResult;

/// A call's writer, as ingest is one: knows where the log ends, and numbers its frames.
final class Caller {
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
  static Caller opens(Bus bus, CallStart start) {
    Caller caller = new Caller(bus, start, "writer-of-" + start.call());
    assertThat(caller.open(false)).isEqualTo(new Opening.Opened(false, 0, 0, 0, 0));
    return caller;
  }

  /// Somebody with a token of their own, who has not opened anything yet.
  static Caller named(Bus bus, CallStart start, String writer) {
    return new Caller(bus, start, writer);
  }

  Opening open(boolean resume) {
    Opening opening = Answers.of(bus.audio().open(start, writer, resume));
    if (opening instanceof Opening.Opened opened) {
      tail = opened.tail();
      seq = opened.seq();
    }
    return opening;
  }

  CallId call() {
    return start.call();
  }

  long tail() {
    return tail;
  }

  /// The next stretch of audio, as it would be appended.
  AudioAppend next(int bytes) {
    return at(tail, tail + bytes, bytes);
  }

  /// Audio for a place of its own, with the tail the test says.
  AudioAppend at(long expectedTail, long end, int bytes) {
    return AudioAppend.whole(
        call(), writer, expectedTail, end, seq + 1, Samples.pcm(end - bytes, bytes), 1000 + end);
  }

  WriteResult<AudioTail> append(AudioAppend audio) {
    WriteResult<AudioTail> outcome = Answers.of(bus.audio().append(audio));
    if (outcome instanceof WriteResult.Written(AudioTail stored)) {
      tail = stored.tail();
      seq = stored.seq();
    }
    return outcome;
  }

  /// Appends audio; it must be stored.
  Caller says(int bytes) {
    assertThat(append(next(bytes))).isInstanceOf(WriteResult.Written.class);
    return this;
  }

  /// Loses audio on the way, and then goes on.
  Caller losesThenSays(int lost, int bytes) {
    assertThat(append(at(tail, tail + lost + bytes, bytes)))
        .isInstanceOf(WriteResult.Written.class);
    return this;
  }

  /// Lets older audio go; answers how much.
  long sheds() {
    return Answers.of(bus.audio().trimOldest(call(), writer));
  }

  WriteResult<AudioTail> end(long end, String reason) {
    return Answers.of(bus.audio().end(call(), writer, tail, end, reason));
  }

  WriteResult<CallProgress> alive() {
    return Answers.of(bus.audio().heartbeat(call(), writer));
  }
}
