package io.verbatim.local.deepgram;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.deepgram.RecognitionEvent.RecognizedWord;
import io.verbatim.local.deepgram.RecognitionEvent.Segment;
import io.verbatim.local.deepgram.RecognitionEvent.UtteranceEnd;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.SpokenWord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelRecognitionTest {
  private static final SampleCall CALL = SampleCall.load();
  private static final short[] SOUND = CALL.samples();
  private static final SampleIndex INDEX = new SampleIndex(CALL);
  private static final List<SpokenWord> SCRIPT =
      CALL.utterances().stream().flatMap(utterance -> utterance.words().stream()).toList();

  private final ChannelRecognition channel = new ChannelRecognition(INDEX, 8000, 8000);
  private final List<RecognitionEvent> events = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {7, 160, 1600, 1_000_000})
  void wholeCall_isRecognisedForEveryFrameSize(int chunk) {
    play(SOUND, 0, SOUND.length, chunk);
    events.addAll(channel.flush());

    assertThat(words()).isEqualTo(SCRIPT);
    assertContiguous(SOUND.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8000, 47_613, 123_457, 300_001})
  void sessionFromMidCall_recognisesTheWordsThatStartInIt(int from) {
    play(SOUND, from, SOUND.length, 160);

    assertThat(words())
        .isEqualTo(
            SCRIPT.stream()
                .filter(word -> word.startSample() >= from)
                .map(word -> word.movedEarlier(from))
                .toList());
  }

  @Test
  void callAfterOtherAudio_isFound() {
    short[] silence = new short[12_345];
    play(silence, 0, silence.length, 160);
    play(SOUND, 0, 80_000, 160);

    assertThat(words())
        .isEqualTo(
            SCRIPT.stream()
                .filter(word -> word.endSample() <= CALL.utterances().getFirst().endSample())
                .map(word -> word.movedEarlier(-silence.length))
                .toList());
  }

  @Test
  void otherAudioAfterPartOfTheCall_endsTheWordsAndBecomesSpeech() {
    long partEnd = SCRIPT.get(5).startSample() + 10;
    play(SOUND, 0, (int) partEnd, 160);
    short[] tone = new short[16_000];
    Arrays.setAll(
        new int[tone.length], index -> tone[index] = (short) (5000 * Math.sin(index * 0.2)));
    play(tone, 0, tone.length, 160);
    events.addAll(channel.flush());

    assertThat(words()).isEqualTo(SCRIPT.subList(0, 5));
    assertThat(finals().getLast().transcript()).isEqualTo("[speech]");
    assertContiguous(partEnd + tone.length);
  }

  @Test
  void silenceAfterTheCall_emitsOneUtteranceEnd() {
    play(SOUND, 0, SOUND.length, 160);
    short[] silence = new short[80_000];
    play(silence, 0, silence.length, 160);

    assertThat(events.stream().filter(UtteranceEnd.class::isInstance))
        .containsExactly(new UtteranceEnd(SCRIPT.getLast().endSample()));
  }

  @Test
  void audioWithoutIndex_isSpeechOnly() {
    ChannelRecognition unknown = new ChannelRecognition(null, 8000, 0);

    List<RecognitionEvent> events = unknown.accept(SOUND);

    assertThat(events)
        .filteredOn(Segment.class::isInstance)
        .extracting(segment -> ((Segment) segment).transcript())
        .containsOnly("", "[speech]");
  }

  private void play(short[] samples, int from, int to, int chunk) {
    for (int at = from; at < to; at += chunk) {
      events.addAll(channel.accept(Arrays.copyOfRange(samples, at, Math.min(to, at + chunk))));
    }
  }

  private List<Segment> finals() {
    return events.stream()
        .filter(Segment.class::isInstance)
        .map(Segment.class::cast)
        .filter(Segment::isFinal)
        .toList();
  }

  private List<SpokenWord> words() {
    return finals().stream()
        .flatMap(segment -> segment.words().stream())
        .map(RecognizedWord::word)
        .toList();
  }

  private void assertContiguous(long until) {
    long end = 0;
    for (Segment segment : finals()) {
      assertThat(segment.start()).isEqualTo(end);
      end = segment.end();
    }
    assertThat(end).isEqualTo(until);
  }
}
