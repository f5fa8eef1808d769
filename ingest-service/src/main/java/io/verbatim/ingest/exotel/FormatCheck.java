package io.verbatim.ingest.exotel;

import io.verbatim.ingest.exotel.ExotelMessage.Media;
import io.verbatim.pubsub.message.AudioFormat;

/// Compares a stream's byte count with its timestamps. Audio in another format than the stated one
/// plays too slowly or too fast, which otherwise shows only as wrong words. Confined to the event
/// loop.
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

  /// Records one frame. True at most once, after 50 frames, if they contradict the format.
  boolean contradicts(long timestampMs, int bytes) {
    if (timestampMs == Media.NONE || frames > FRAMES) {
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
