package io.verbatim.ingest.exotel;

import io.verbatim.pubsub.message.AudioFormat;
import org.jspecify.annotations.Nullable;

/// Compares a stream's bytes with the time its own timestamps say has passed: a format other than
/// the stated one makes voices slow and deep, and nobody notices until the words come out wrong.
final class FormatCheck {
  private static final int FRAMES = 50;
  private static final double TOLERANCE = 0.25;

  private final AudioFormat format;
  private int frames;
  private long bytesSinceFirst;
  private long firstMs;
  private int lastBytes;

  FormatCheck(AudioFormat format) {
    this.format = format;
  }

  /// Notes one frame; answers once, after the fiftieth, whether they contradict the format.
  boolean contradicts(@Nullable Long timestampMs, int bytes) {
    if (timestampMs == null || frames > FRAMES) {
      return false;
    }
    if (frames == 0) {
      firstMs = timestampMs;
    } else {
      bytesSinceFirst += lastBytes;
    }
    lastBytes = bytes;
    if (++frames <= FRAMES) {
      return false;
    }
    double seconds = (timestampMs - firstMs) / 1000.0;
    double expected = seconds * format.bytesPerSecond();
    return seconds > 0 && Math.abs(bytesSinceFirst - expected) > TOLERANCE * expected;
  }
}
