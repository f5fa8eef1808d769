package io.verbatim.bench.calls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.verbatim.bench.measure.Latencies;
import io.verbatim.testkit.deepgram.FrameFormat;
import io.verbatim.testkit.deepgram.NumberedFrame;
import org.jspecify.annotations.Nullable;

/// Checks one call's audio as it arrives, in pieces of any length. Confined to one thread.
public final class AudioCheck {
  /// The length of a frame in the format of Exotel.
  public static final int FRAME_BYTES = FrameFormat.PHONE.frameBytes();

  private final ByteBuf rest = Unpooled.buffer(FRAME_BYTES);
  private int call = -1;
  private int frames;
  private int wrong;

  /// Checks the readable bytes of `audio`, without consuming them.
  ///
  /// @param latencies receives the age of each frame; null for none
  public void accept(ByteBuf audio, long nowNanos, @Nullable Latencies latencies) {
    int at = audio.readerIndex();
    int end = audio.writerIndex();
    if (rest.isReadable()) {
      int missing = Math.min(FRAME_BYTES - rest.readableBytes(), end - at);
      rest.writeBytes(audio, at, missing);
      at += missing;
      if (rest.readableBytes() == FRAME_BYTES) {
        frame(rest, 0, nowNanos, latencies);
        rest.clear();
      }
    }
    for (; end - at >= FRAME_BYTES; at += FRAME_BYTES) {
      frame(audio, at, nowNanos, latencies);
    }
    if (at < end) {
      rest.writeBytes(audio, at, end - at);
    }
  }

  private void frame(ByteBuf audio, int at, long nowNanos, @Nullable Latencies latencies) {
    if (call < 0) {
      call = NumberedFrame.call(audio, at);
    }
    if (!NumberedFrame.matches(audio, at, FRAME_BYTES, call, frames, 0)) {
      wrong++;
    }
    frames++;
    if (latencies != null) {
      latencies.record(nowNanos - NumberedFrame.sentNanos(audio, at));
    }
  }

  /// The number of the call in its audio; -1 before the first frame.
  public int call() {
    return call;
  }

  /// The number of whole frames so far.
  public int frames() {
    return frames;
  }

  /// The number of whole frames that differ from the next expected frame of the call.
  public int wrong() {
    return wrong;
  }

  /// Whether an incomplete frame is buffered.
  public boolean isWithinFrame() {
    return rest.isReadable();
  }
}
