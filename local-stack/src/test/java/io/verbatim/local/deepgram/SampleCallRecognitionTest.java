package io.verbatim.local.deepgram;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.deepgram.RecognitionEvent.Segment;
import io.verbatim.local.sample.SpokenWord;
import io.verbatim.local.sample.Utterance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleCallRecognitionTest {
  private static final long MS = SampleIndex.RATE_HZ / 1000;

  private static final List<Utterance> SCRIPT =
      List.of(
          new Utterance(0, List.of(word("Good", 1000, 1200), word("day.", 1250, 1500))),
          new Utterance(1, List.of(word("Hello.", 2000, 2400))));

  private final SampleCallRecognition recognition = new SampleCallRecognition(SCRIPT, 0, 0, 0);

  @Test
  void word_isEmittedWhenItsLastSampleHasArrived() {
    assertThat(segments(recognition.advance(1200 * MS - 1))).isEmpty();

    List<Segment> events = segments(recognition.advance(1200 * MS));

    assertThat(events).extracting(Segment::transcript).containsExactly("Good");
    assertThat(events.getFirst().isFinal()).isFalse();
  }

  @Test
  void interim_isEmittedOncePerNewWord() {
    recognition.advance(1200 * MS);

    assertThat(segments(recognition.advance(1400 * MS))).isEmpty();
    assertThat(segments(recognition.advance(1500 * MS)))
        .extracting(Segment::transcript)
        .containsExactly("Good day.");
  }

  @Test
  void utterance_isFinal300MsAfterItsLastWord() {
    assertThat(segments(recognition.advance(1799 * MS))).noneMatch(Segment::isFinal);

    List<Segment> events = segments(recognition.advance(1800 * MS));

    assertThat(events).hasSize(1);
    assertThat(events.getFirst().transcript()).isEqualTo("Good day.");
    assertThat(events.getFirst().isFinal()).isTrue();
    assertThat(events.getFirst().speechFinal()).isTrue();
    assertThat(events.getFirst().start()).isZero();
    assertThat(events.getFirst().end()).isEqualTo(1800 * MS);
  }

  @Test
  void oneLargeFrame_givesTheSameFinalsAsManySmallOnes() {
    SampleCallRecognition small = new SampleCallRecognition(SCRIPT, 0, 0, 0);
    List<Segment> large = segments(recognition.advance(4000 * MS));

    List<Segment> finals = new ArrayList<>();
    for (int received = 0; received <= 4000; received += 20) {
      finals.addAll(segments(small.advance(received * MS)));
    }
    finals.removeIf(segment -> !segment.isFinal());

    assertThat(large).isEqualTo(finals);
  }

  @Test
  void wordThatStartsBeforeTheSession_isSkipped() {
    SampleCallRecognition replay = new SampleCallRecognition(SCRIPT, 0, 0, 1100 * MS);

    List<Segment> events = segments(replay.advance(800 * MS));

    assertThat(events).extracting(Segment::transcript).containsExactly("day.");
    assertThat(events.getFirst().words().getFirst().word().startSample()).isEqualTo(150 * MS);
  }

  @Test
  void flush_emitsEndedWordsAndKeepsTheWordInProgress() {
    recognition.advance(1300 * MS);

    List<Segment> flushed = segments(recognition.flush(1300 * MS));
    List<Segment> rest = segments(recognition.advance(1800 * MS));

    assertThat(flushed).hasSize(1);
    assertThat(flushed.getFirst().transcript()).isEqualTo("Good");
    assertThat(flushed.getFirst().end()).isEqualTo(1250 * MS);
    assertThat(rest).extracting(Segment::transcript).containsExactly("day.");
    assertThat(rest.getFirst().start()).isEqualTo(1250 * MS);
  }

  @Test
  void flushWithoutNewAudio_emitsNothing() {
    recognition.advance(500 * MS);
    recognition.flush(500 * MS);

    assertThat(recognition.flush(500 * MS)).isEmpty();
  }

  @Test
  void close_emitsEndedWords() {
    recognition.advance(1300 * MS);

    List<Segment> events = segments(recognition.close(1300 * MS));

    assertThat(events).extracting(Segment::transcript).containsExactly("Good");
    assertThat(events.getFirst().end()).isEqualTo(1300 * MS);
  }

  private static List<Segment> segments(List<RecognitionEvent> events) {
    return events.stream().filter(Segment.class::isInstance).map(Segment.class::cast).toList();
  }

  private static SpokenWord word(String text, int startMs, int endMs) {
    return new SpokenWord(text, text, startMs * MS, endMs * MS);
  }
}
