package io.verbatim.asr.standin;

import io.verbatim.pubsub.message.AudioFormat;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Audio that describes itself: each 20 ms of each channel carries its own number, and every one of
/// its bytes follows from that number. Whoever receives it can tell that no byte is missing,
/// changed, doubled or out of place.
public final class NumberedAudio {
  /// What [#read] answers for a stretch of silence.
  public static final int SILENCE = -1;

  /// What [#read] answers for bytes that are neither numbered nor silence.
  public static final int DAMAGED = -2;

  private static final byte MARK = 0x7A;

  private final AudioFormat format;
  private final int samples;

  public NumberedAudio(AudioFormat format) {
    this.format = format;
    this.samples = format.sampleRateHz() / 50;
  }

  /// Bytes of 20 ms of all channels.
  public int bytesPerFrame() {
    return samples * format.bytesPerFrame();
  }

  /// Bytes of 20 ms of one channel.
  int bytesPerChannel() {
    return samples * format.encoding().bytesPerSample();
  }

  /// These frames, all channels interleaved.
  public byte[] frames(int first, int count) {
    return frames(first, count, IntStream.range(0, format.channels()));
  }

  /// The same, but the other channels are silent.
  public byte[] framesOf(int speaker, int first, int count) {
    return frames(first, count, IntStream.of(speaker));
  }

  private byte[] frames(int first, int count, IntStream speakers) {
    byte[] audio = new byte[count * bytesPerFrame()];
    Arrays.fill(audio, silence());
    speakers.forEach(channel -> {
      for (int frame = 0; frame < count; frame++) {
        interleave(voice(first + frame, channel), audio, frame * bytesPerFrame(), channel);
      }
    });
    return audio;
  }

  /// Which number one channel of a frame carries.
  ///
  /// @param audio bytes of 20 ms of all channels, from `offset` on
  int read(byte[] audio, int offset, int channel) {
    int width = format.encoding().bytesPerSample();
    byte[] voice = new byte[bytesPerChannel()];
    for (int sample = 0; sample < samples; sample++) {
      System.arraycopy(
          audio,
          offset + sample * format.bytesPerFrame() + channel * width,
          voice,
          sample * width,
          width);
    }
    if (isSilence(voice)) {
      return SILENCE;
    }
    int number =
        (voice[2] & 0xFF) << 24
            | (voice[3] & 0xFF) << 16
            | (voice[4] & 0xFF) << 8
            | (voice[5] & 0xFF);
    return Arrays.equals(voice, voice(number, channel)) ? number : DAMAGED;
  }

  private byte[] voice(int number, int channel) {
    byte[] voice = new byte[bytesPerChannel()];
    for (int i = 0; i < voice.length; i++) {
      voice[i] = (byte) (number * 31 + i * 7 + channel * 13);
    }
    voice[0] = MARK;
    voice[1] = (byte) (channel + 1);
    voice[2] = (byte) (number >>> 24);
    voice[3] = (byte) (number >>> 16);
    voice[4] = (byte) (number >>> 8);
    voice[5] = (byte) number;
    return voice;
  }

  private void interleave(byte[] voice, byte[] audio, int offset, int channel) {
    int width = format.encoding().bytesPerSample();
    for (int sample = 0; sample < samples; sample++) {
      System.arraycopy(
          voice,
          sample * width,
          audio,
          offset + sample * format.bytesPerFrame() + channel * width,
          width);
    }
  }

  private byte silence() {
    return switch (format.encoding()) {
      case PCM16 -> 0;
      case MULAW -> (byte) 0xFF;
      case ALAW -> (byte) 0xD5;
    };
  }

  private boolean isSilence(byte[] voice) {
    byte silence = silence();
    for (byte sample : voice) {
      if (sample != silence) {
        return false;
      }
    }
    return true;
  }
}
