package io.verbatim.batch.media;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// The header of a WAV file, and the place of its samples.
///
/// @param coding the format tag of the header: 1 is PCM, 3 floating point, 6 A-law, 7 mu-law
/// @param bits of one sample of one channel
/// @param dataStart position of the first sample in the file
/// @param dataBytes whole sample frames that the file contains; a header that states more is
///   ignored
public record WavAudio(
    int coding, int channels, int sampleRateHz, int bits, long dataStart, long dataBytes) {

  private static final int PCM = 1;
  private static final int EXTENSIBLE = 0xfffe;
  private static final int MAX_CHUNKS = 64;
  private static final int HEADER_BYTES = 44;

  /// Reads the header of a file.
  ///
  /// @throws BatchException if it is not a WAV file with samples
  static WavAudio read(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long position = 12;
      WavAudio format = null;
      for (int i = 0; i < MAX_CHUNKS && position + 8 <= in.size(); i++) {
        ByteBuffer head = read(in, position, 8);
        byte[] tag = new byte[4];
        head.get(0, tag);
        String name = new String(tag, ISO_8859_1);
        long size = head.getInt(4) & 0xffffffffL;
        position += 8;
        if (name.equals("fmt ")) {
          format = format(read(in, position, (int) Math.min(size, 40)));
        } else if (name.equals("data")) {
          if (format == null) {
            throw unreadable("its samples come before their format");
          }
          // A recorder that was interrupted leaves 0 or the largest number.
          long rest = in.size() - position;
          return format.withData(position, size == 0 ? rest : Math.min(size, rest));
        }
        position += size + (size & 1);
      }
      throw unreadable("it has no samples");
    }
  }

  private static WavAudio format(ByteBuffer chunk) {
    if (chunk.limit() < 16) {
      throw unreadable("its format is cut off");
    }
    int coding = chunk.getShort(0) & 0xffff;
    if (coding == EXTENSIBLE && chunk.limit() >= 26) {
      coding = chunk.getShort(24) & 0xffff;
    }
    int channels = chunk.getShort(2) & 0xffff;
    int rate = chunk.getInt(4);
    int bits = chunk.getShort(14) & 0xffff;
    if (channels < 1 || channels > 32 || rate < 1 || rate > 768_000 || bits < 4 || bits > 64) {
      throw unreadable("its format is %d channels, %d Hz, %d bit".formatted(channels, rate, bits));
    }
    return new WavAudio(coding, channels, rate, bits, 0, 0);
  }

  private WavAudio withData(long start, long bytes) {
    return new WavAudio(
        coding, channels, sampleRateHz, bits, start, bytes - bytes % bytesPerFrame());
  }

  private static ByteBuffer read(FileChannel in, long position, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining() && in.read(buffer, position + buffer.position()) >= 0) {
      // reads on
    }
    return buffer.flip();
  }

  private static BatchException unreadable(String finding) {
    return new BatchException(
        FailureKind.UNREADABLE, "The recording is not a readable WAV file: " + finding + ".");
  }

  /// Bytes of one sample of every channel.
  public int bytesPerFrame() {
    return Math.max(1, channels * bits / 8);
  }

  public long bytesPerSecond() {
    return (long) sampleRateHz * bytesPerFrame();
  }

  public Duration length() {
    return Duration.ofMillis(toMillis(dataBytes));
  }

  /// The time of a position in the samples.
  public long toMillis(long bytes) {
    return bytes * 1000 / bytesPerSecond();
  }

  /// Whether the samples are signed 16 bit PCM, so that [SilenceCutter] can cut between them.
  public boolean isPcm16() {
    return coding == PCM && bits == 16;
  }

  /// The header of a file with this many bytes of these samples.
  public byte[] header(long bytes) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put("RIFF".getBytes(ISO_8859_1)).putInt((int) (bytes + HEADER_BYTES - 8));
    header.put("WAVEfmt ".getBytes(ISO_8859_1)).putInt(16);
    header.putShort((short) coding).putShort((short) channels).putInt(sampleRateHz);
    header.putInt((int) bytesPerSecond()).putShort((short) bytesPerFrame()).putShort((short) bits);
    header.put("data".getBytes(ISO_8859_1)).putInt((int) bytes);
    return header.array();
  }
}
