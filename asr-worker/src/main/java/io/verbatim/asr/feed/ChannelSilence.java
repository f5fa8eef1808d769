package io.verbatim.asr.feed;

import io.verbatim.asr.feed.AudioFeed.Batch;
import io.verbatim.pubsub.message.AudioFormat;
import java.util.Arrays;
import java.util.function.IntToLongFunction;

/// Replaces audio that a channel's finals already cover by silence. Values in, values out.
///
/// Two channels share one audio stream, but each has a `covered` of its own. When audio is sent
/// again, the channel that is covered further must not be transcribed twice.
public final class ChannelSilence {
  private final AudioFormat format;
  private final byte silence;

  public ChannelSilence(AudioFormat format) {
    this.format = format;
    this.silence =
        switch (format.encoding()) {
          case PCM16 -> 0;
          case MULAW -> (byte) 0xFF;
          case ALAW -> (byte) 0xD5;
        };
  }

  /// The batch with each channel's samples below its own `covered` silenced: the same batch if
  /// there are none, else a copy.
  ///
  /// @param batch starts on a whole sample frame
  public Batch apply(Batch batch, IntToLongFunction covered) {
    long furthest = 0;
    for (int channel = 0; channel < format.channels(); channel++) {
      furthest = Math.max(furthest, covered.applyAsLong(channel));
    }
    if (furthest <= batch.start()) {
      return batch;
    }
    Batch silenced = copy(batch);
    for (int channel = 0; channel < format.channels(); channel++) {
      long bytes = Math.min(covered.applyAsLong(channel) - batch.start(), batch.length());
      silence(silenced.array(), channel, bytes);
    }
    return silenced;
  }

  private static Batch copy(Batch batch) {
    byte[] pcm = Arrays.copyOfRange(batch.array(), batch.offset(), batch.offset() + batch.length());
    return new Batch(batch.start(), pcm, 0, pcm.length, batch.arrivedMillis());
  }

  private void silence(byte[] audio, int channel, long bytes) {
    int width = format.encoding().bytesPerSample();
    for (int frame = 0; frame + format.bytesPerFrame() <= bytes; frame += format.bytesPerFrame()) {
      int sample = frame + channel * width;
      Arrays.fill(audio, sample, sample + width, silence);
    }
  }
}
