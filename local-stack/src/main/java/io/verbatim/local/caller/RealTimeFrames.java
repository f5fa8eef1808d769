package io.verbatim.local.caller;

import io.verbatim.local.audio.WavFile;
import java.time.Duration;
import java.util.Arrays;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/// Cuts a recording into frames of 20 ms and gives each one at its time.
final class RealTimeFrames {
  private static final Duration FRAME = Duration.ofMillis(20);
  private static final int MAX_LATE_FRAMES = 1500;

  private RealTimeFrames() {}

  /// Cold; each frame comes at start + number × 20 ms by an absolute clock, on a parallel
  /// scheduler, so that a late one does not delay those after it. Fails when the line takes nothing
  /// for thirty seconds.
  static Flux<byte[]> of(WavFile wav) {
    int size = wav.bytesPer20Ms();
    int count = (wav.data().length + size - 1) / size;
    return Flux.interval(Duration.ZERO, FRAME, Schedulers.parallel())
        .take(count)
        .onBackpressureBuffer(MAX_LATE_FRAMES)
        .map(frame -> cut(wav.data(), (int) (frame * size), size));
  }

  private static byte[] cut(byte[] data, int from, int size) {
    return Arrays.copyOfRange(data, from, Math.min(data.length, from + size));
  }
}
