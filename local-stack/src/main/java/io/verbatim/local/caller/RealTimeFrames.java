package io.verbatim.local.caller;

import io.verbatim.local.audio.WavFile;
import java.time.Duration;
import java.util.Arrays;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/// Splits a recording into frames of 20 ms and emits each frame at its due time.
final class RealTimeFrames {
  private static final Duration FRAME = Duration.ofMillis(20);
  private static final int MAX_LATE_FRAMES = 1500;

  private RealTimeFrames() {}

  /// Cold; emits each frame at start + number × 20 ms by an absolute clock, on a parallel
  /// scheduler, so that a late frame does not delay later ones. Fails if the subscriber requests
  /// nothing for 30 s.
  static Flux<byte[]> of(WavFile wav) {
    int size = wav.bytesPer20Ms();
    int count = (wav.data().length + size - 1) / size;
    return Flux.interval(Duration.ZERO, FRAME, Schedulers.parallel())
        .take(count)
        .onBackpressureBuffer(MAX_LATE_FRAMES)
        .map(frame -> slice(wav.data(), (int) (frame * size), size));
  }

  private static byte[] slice(byte[] data, int from, int size) {
    return Arrays.copyOfRange(data, from, Math.min(data.length, from + size));
  }
}
