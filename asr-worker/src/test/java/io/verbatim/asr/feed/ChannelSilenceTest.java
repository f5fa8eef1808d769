package io.verbatim.asr.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.asr.feed.AudioFeed.Batch;
import io.verbatim.pubsub.message.AudioFormat;
import org.junit.jupiter.api.Test;

class ChannelSilenceTest {

  @Test
  void channel_isSilencedBelowItsOwnCovered() {
    byte[] shared = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
    long[] covered = {104, 108};

    Batch silenced =
        new ChannelSilence(AudioFormat.parse("pcm16/8000/2"))
            .apply(new Batch(100, shared, 1, 12, 0), channel -> covered[channel]);

    assertThat(silenced.offset()).isZero();
    assertThat(silenced.array()).containsExactly(0, 0, 0, 0, 5, 6, 0, 0, 9, 10, 11, 12);
    assertThat(shared).as("the shared array is unchanged").startsWith(0, 1, 2, 3);
  }

  @Test
  void silence_matchesEncoding() {
    Batch mulaw = batch("mulaw/8000/1", 0, new byte[] {1, 2, 3}, 2);
    Batch alaw = batch("alaw/8000/1", 5, new byte[] {1, 2, 3}, 100);

    assertThat(mulaw.array()).containsExactly(0xFF, 0xFF, 3);
    assertThat(alaw.array()).containsExactly(0xD5, 0xD5, 0xD5);
  }

  @Test
  void audioAboveCovered_isNotCopied() {
    byte[] audio = {1, 2, 3, 4};

    assertThat(batch("pcm16/8000/1", 100, audio, 50).array()).isSameAs(audio);
  }

  private static Batch batch(String format, long start, byte[] audio, long covered) {
    return new ChannelSilence(AudioFormat.parse(format))
        .apply(new Batch(start, audio, 0, audio.length, 0), channel -> covered);
  }
}
