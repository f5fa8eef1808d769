package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.testkit.deepgram.NumberedAudio;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A call as ingest writes it, with audio whose frames are numbered.
final class NumberedCaller {
  private final Bus bus;
  private final CallStart start;
  private final NumberedAudio audio;
  private final String writer;
  private int frames;
  private long tail;

  private NumberedCaller(Bus bus, CallStart start) {
    this.bus = bus;
    this.start = start;
    this.audio = NumberedAudio.of(start.format().toString());
    this.writer = "writer-" + start.call();
  }

  static NumberedCaller dials(Bus bus, String id, String format, @Nullable String language) {
    CallStart start =
        new CallStart(
            new CallId(id),
            "tenant",
            CallStart.Source.PCM,
            AudioFormat.parse(format),
            null,
            null,
            language,
            Instant.now());
    NumberedCaller caller = new NumberedCaller(bus, start);
    caller.open(false);
    return caller;
  }

  /// Opens the call again in a log that was flushed, and continues with the next frame.
  NumberedCaller reopens() {
    open(true);
    return this;
  }

  private void open(boolean resume) {
    Opening opening = now(bus.audio().open(start, writer, resume));
    assertThat(opening).isInstanceOf(Opening.Opened.class);
    tail = ((Opening.Opened) opening).tail();
  }

  AudioFormat format() {
    return start.format();
  }

  CallId call() {
    return start.call();
  }

  /// Sends this many frames of 20 ms, in entries of two.
  NumberedCaller sends(int count) {
    for (int sent = 0; sent < count; sent += 2) {
      int next = Math.min(2, count - sent);
      append(audio.frames(frames, next), next);
    }
    return this;
  }

  /// Sends this many frames on this channel, in one entry; the other channels are silent.
  NumberedCaller sendsOnly(int channel, int count) {
    append(audio.framesOf(channel, frames, count), count);
    return this;
  }

  /// Loses this many frames before they reach the log.
  NumberedCaller loses(int count) {
    frames += count;
    return this;
  }

  /// Continues from this frame, because the log ends there now.
  NumberedCaller rewindsTo(int frame) {
    frames = frame;
    tail = (long) frame * audio.bytesPerFrame();
    return this;
  }

  void hangsUp() {
    long end = (long) frames * audio.bytesPerFrame();
    assertThat(now(bus.audio().end(call(), writer, tail, end, "stop")))
        .isInstanceOf(WriteResult.Written.class);
  }

  private void append(byte[] pcm, int count) {
    frames += count;
    long end = (long) frames * audio.bytesPerFrame();
    AudioAppend append =
        AudioAppend.whole(call(), writer, tail, end, 0, pcm, System.currentTimeMillis());
    assertThat(now(bus.audio().append(append))).isInstanceOf(WriteResult.Written.class);
    tail = end;
  }

  static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
  }
}
