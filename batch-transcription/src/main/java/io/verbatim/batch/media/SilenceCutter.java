package io.verbatim.batch.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Cuts 16 bit PCM into parts of a limited size, between words: at the middle of the quietest 300
/// ms in the last minute before the limit. Every sample is in exactly one part.
public final class SilenceCutter {

  /// A range of the samples of a file, in bytes from the first sample.
  public record Part(long start, long end) {
    public long bytes() {
      return end - start;
    }
  }

  private static final int SEARCHED_SECONDS = 60;
  private static final int WINDOW_MS = 20;
  private static final int WINDOWS_OF_SILENCE = 15;

  private SilenceCutter() {}

  /// The parts of a file, in order and without a gap.
  ///
  /// @param maxBytes the most bytes of a part; at least a second of audio
  /// @throws IllegalArgumentException if the samples are not 16 bit PCM
  public static List<Part> cut(Path file, WavAudio wav, long maxBytes) throws IOException {
    if (!wav.isPcm16() || maxBytes < wav.bytesPerSecond()) {
      throw new IllegalArgumentException("cannot cut " + wav + " into parts of " + maxBytes);
    }
    List<Part> parts = new ArrayList<>();
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long start = 0;
      while (wav.dataBytes() - start > maxBytes) {
        long end = quietest(in, wav, start, start + maxBytes);
        parts.add(new Part(start, end));
        start = end;
      }
      parts.add(new Part(start, wav.dataBytes()));
    }
    return parts;
  }

  /// The middle of the quietest silence before the limit, the latest among equals.
  private static long quietest(FileChannel in, WavAudio wav, long start, long limit)
      throws IOException {
    long searched = Math.min((limit - start) / 2, wav.bytesPerSecond() * SEARCHED_SECONDS);
    long from = wholeFrames(wav, limit - searched);
    int window =
        Math.max(
            wav.bytesPerFrame(), (int) wholeFrames(wav, wav.bytesPerSecond() * WINDOW_MS / 1000));
    long[] energies = energies(in, wav.dataStart() + from, window, (int) (searched / window));
    long sum = 0;
    long least = Long.MAX_VALUE;
    long cut = wholeFrames(wav, limit);
    for (int i = 0; i < energies.length; i++) {
      sum += energies[i] - (i < WINDOWS_OF_SILENCE ? 0 : energies[i - WINDOWS_OF_SILENCE]);
      if (i >= WINDOWS_OF_SILENCE - 1 && sum <= least) {
        least = sum;
        cut = from + (i - WINDOWS_OF_SILENCE / 2L) * window;
      }
    }
    return cut;
  }

  /// The energy of each window: the sum of the squares of its samples, scaled to fit the sum of
  /// many.
  private static long[] energies(FileChannel in, long from, int window, int count)
      throws IOException {
    long[] energies = new long[count];
    ByteBuffer buffer = ByteBuffer.allocate(window).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      buffer.clear();
      long position = from + (long) i * window;
      while (buffer.hasRemaining() && in.read(buffer, position + buffer.position()) >= 0) {
        // reads on
      }
      buffer.flip();
      long energy = 0;
      while (buffer.remaining() >= 2) {
        long sample = buffer.getShort();
        energy += sample * sample;
      }
      energies[i] = energy / 256;
    }
    return energies;
  }

  private static long wholeFrames(WavAudio wav, long bytes) {
    return bytes - bytes % wav.bytesPerFrame();
  }
}
