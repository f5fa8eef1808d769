package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.message.AudioFormat;
import org.junit.jupiter.api.Test;

class ChannelSilenceTest {

  @Test
  void eachChannel_isSilentBelowItsOwnCovered() {
    byte[] audio = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    long[] covered = {104, 108};

    new ChannelSilence(AudioFormat.parse("pcm16/8000/2"))
        .apply(audio, 100, channel -> covered[channel]);

    assertThat(audio).containsExactly(0, 0, 0, 0, 5, 6, 0, 0, 9, 10, 11, 12);
  }

  @Test
  void silence_isTheEncodingsOwn() {
    byte[] mulaw = {1, 2, 3};
    byte[] alaw = {1, 2, 3};

    new ChannelSilence(AudioFormat.parse("mulaw/8000/1")).apply(mulaw, 0, channel -> 2);
    new ChannelSilence(AudioFormat.parse("alaw/8000/1")).apply(alaw, 5, channel -> 100);

    assertThat(mulaw).containsExactly(0xFF, 0xFF, 3);
    assertThat(alaw).containsExactly(0xD5, 0xD5, 0xD5);
  }

  @Test
  void audioAboveCovered_isLeftAsItIs() {
    byte[] audio = {1, 2, 3, 4};

    new ChannelSilence(AudioFormat.parse("pcm16/8000/1")).apply(audio, 100, channel -> 50);

    assertThat(audio).containsExactly(1, 2, 3, 4);
  }
}
