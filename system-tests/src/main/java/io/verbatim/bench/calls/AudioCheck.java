package io.verbatim.bench.calls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.verbatim.bench.measure.Latencies;
import org.jspecify.annotations.Nullable;

/// Checks one call's audio as it arrives, in pieces of any length. Confined to one thread.
public final class AudioCheck {
  private final ByteBuf rest = Unpooled.buffer(MarkedAudio.FRAME_BYTES);
  private int call = -1;
  private int frames;
  private int wrong;

  /// Checks the readable bytes of `audio`, without consuming them.
  ///
  /// @param latencies takes the age of each frame; null takes none
  public void accept(ByteBuf audio, long nowNanos, @Nullable Latencies latencies) {
    int at = audio.readerIndex();
    int end = audio.writerIndex();
    if (rest.isReadable()) {
      int missing = Math.min(MarkedAudio.FRAME_BYTES - rest.readableBytes(), end - at);
      rest.writeBytes(audio, at, missing);
      at += missing;
      if (rest.readableBytes() == MarkedAudio.FRAME_BYTES) {
        frame(rest, 0, nowNanos, latencies);
        rest.clear();
      }
    }
    for (; end - at >= MarkedAudio.FRAME_BYTES; at += MarkedAudio.FRAME_BYTES) {
      frame(audio, at, nowNanos, latencies);
    }
    if (at < end) {
      rest.writeBytes(audio, at, end - at);
    }
  }

  private void frame(ByteBuf audio, int at, long nowNanos, @Nullable Latencies latencies) {
    if (call < 0) {
      call = MarkedAudio.call(audio, at);
    }
    if (!MarkedAudio.matches(audio, at, call, frames)) {
      wrong++;
    }
    frames++;
    if (latencies != null) {
      latencies.record(nowNanos - MarkedAudio.sentNanos(audio, at));
    }
  }

  /// The number of the call, as its audio says; -1 before the first frame.
  public int call() {
    return call;
  }

  /// Whole frames so far.
  public int frames() {
    return frames;
  }

  /// Whole frames that are not, byte for byte, the next one of their call.
  public int wrong() {
    return wrong;
  }

  /// Whether part of a frame has arrived and its rest has not.
  public boolean isWithinFrame() {
    return rest.isReadable();
  }
}
