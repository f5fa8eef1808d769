package io.verbatim.local.audio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

/// The content of a RIFF WAV file: PCM 16 bit, mono or stereo, at 8, 16, 24 or 48 kHz, or G.711
/// mono or stereo at 8 kHz. `data` holds the bytes of the samples as in the file, whole sample
/// frames only; it is not copied.
@SuppressWarnings("ArrayRecordComponent") // megabytes, read-only, never compared
public record WavFile(AudioCoding coding, int sampleRateHz, int channels, byte[] data) {
  /// The supported forms, for messages.
  public static final String SUPPORTED =
      "PCM 16 bit at 8, 16, 24 or 48 kHz, or G.711 mu-law or A-law at 8 kHz, mono or stereo";

  private static final Set<Integer> PCM_RATES_HZ = Set.of(8000, 16000, 24000, 48000);
  private static final int FORMAT_PCM = 1;
  private static final int FORMAT_ALAW = 6;
  private static final int FORMAT_MULAW = 7;
  private static final int FORMAT_EXTENSIBLE = 0xfffe;

  /// Reads a file.
  ///
  /// @throws UnsupportedWavException if the file has another form; the message names it
  public static WavFile read(Path file) {
    try {
      return parse(Files.readAllBytes(file), file.getFileName().toString());
    } catch (NoSuchFileException e) {
      throw new UnsupportedWavException(file.toString(), "missing");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads the bytes of a file.
  ///
  /// @param name of the file, for error messages
  public static WavFile parse(byte[] bytes, String name) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 12 || !"RIFF".equals(tag(bytes, 0)) || !"WAVE".equals(tag(bytes, 8))) {
      throw new UnsupportedWavException(name, "not a RIFF WAVE file");
    }
    file.position(12);
    WavFile header = null;
    while (file.remaining() >= 8) {
      String chunk = tag(bytes, file.position());
      long size = file.getInt(file.position() + 4) & 0xffffffffL;
      file.position(file.position() + 8);
      int length = (int) Math.min(size, file.remaining()); // a truncated recording states too much
      if ("fmt ".equals(chunk)) {
        header = format(file.slice(file.position(), length).order(ByteOrder.LITTLE_ENDIAN), name);
      } else if ("data".equals(chunk)) {
        if (header == null) {
          throw new UnsupportedWavException(
              name, "a WAV file with the data chunk before the format chunk");
        }
        return header.withData(bytes, file.position(), length);
      }
      file.position((int) Math.min(file.limit(), file.position() + (long) length + (length & 1)));
    }
    throw new UnsupportedWavException(name, "a WAV file without audio");
  }

  private static WavFile format(ByteBuffer chunk, String name) {
    if (chunk.remaining() < 16) {
      throw new UnsupportedWavException(name, "a WAV file with a broken format chunk");
    }
    int format = chunk.getShort(0) & 0xffff;
    if (format == FORMAT_EXTENSIBLE && chunk.remaining() >= 26) {
      format = chunk.getShort(24) & 0xffff;
    }
    int channels = chunk.getShort(2);
    int rate = chunk.getInt(4);
    int bits = chunk.getShort(14);
    AudioCoding coding =
        switch (format) {
          case FORMAT_PCM -> AudioCoding.PCM16;
          case FORMAT_ALAW -> AudioCoding.ALAW;
          case FORMAT_MULAW -> AudioCoding.MULAW;
          default ->
              throw new UnsupportedWavException(
                  name, found("format tag " + format, rate, channels, bits));
        };
    boolean rateSupported =
        coding == AudioCoding.PCM16 ? PCM_RATES_HZ.contains(rate) : rate == 8000;
    if (!rateSupported || bits != coding.bytesPerSample() * 8 || channels < 1 || channels > 2) {
      throw new UnsupportedWavException(name, found(coding.name(), rate, channels, bits));
    }
    return new WavFile(coding, rate, channels, new byte[0]);
  }

  private static String found(String coding, int rateHz, int channels, int bits) {
    return "%s, %d Hz, %d channel%s, %d bit"
        .formatted(coding, rateHz, channels, channels == 1 ? "" : "s", bits);
  }

  private static String tag(byte[] file, int at) {
    return new String(file, at, 4, StandardCharsets.ISO_8859_1);
  }

  private WavFile withData(byte[] bytes, int from, int length) {
    int whole = length - length % bytesPerSampleFrame();
    return new WavFile(
        coding, sampleRateHz, channels, Arrays.copyOfRange(bytes, from, from + whole));
  }

  /// Bytes of one sample frame: one sample of every channel.
  public int bytesPerSampleFrame() {
    return coding.bytesPerSample() * channels;
  }

  /// Bytes of 20 ms, the length of a telephone frame.
  public int bytesPer20Ms() {
    return sampleRateHz / 50 * bytesPerSampleFrame();
  }

  /// The duration of the recording.
  public Duration duration() {
    return Duration.ofNanos(data.length / bytesPerSampleFrame() * 1_000_000_000L / sampleRateHz);
  }

  /// The first part of the recording, at most `length`.
  public WavFile first(Duration length) {
    long samples =
        Math.min(
            length.toNanos() * sampleRateHz / 1_000_000_000L, data.length / bytesPerSampleFrame());
    return new WavFile(
        coding, sampleRateHz, channels, Arrays.copyOf(data, (int) samples * bytesPerSampleFrame()));
  }
}
