package io.verbatim.asr.transcript;

import static io.verbatim.asr.transcript.Hypotheses.hypothesis;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.recognizer.ProtocolViolation;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Speech;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TranscriptAssemblerTest {
  private static final AudioFormat MONO = AudioFormat.parse("pcm16/8000/1");
  private static final AudioFormat STEREO = AudioFormat.parse("pcm16/8000/2");
  private static final int SECOND = 16_000;

  private final List<ProtocolViolation> violations = new ArrayList<>();
  private final TranscriptAssembler mono =
      new TranscriptAssembler(MONO, List.of(0L), List.of(), "nova-3", violations::add);

  @Test
  void final_coversItsAudioInCallTime() {
    mono.sessionStarted(10 * SECOND);
    mono.skipTo(10 * SECOND);
    mono.sent(12 * SECOND, 500, 700);

    List<TranscriptWrite> writes =
        mono.onHypothesis(hypothesis(0, 0, 1.5, true, "hello", "there"), 1000, 0);

    TranscriptWrite.Final written = (TranscriptWrite.Final) writes.getFirst();
    assertThat(written.coverage())
        .isEqualTo(new Coverage(0, 10 * SECOND, 11 * SECOND + SECOND / 2));
    Speech speech = written.speech();
    assertThat(speech.text()).isEqualTo("hello there");
    assertThat(speech.startMs()).isEqualTo(10_000);
    assertThat(speech.endMs()).isEqualTo(11_500);
    assertThat(speech.words())
        .containsExactly(
            new Speech.Word("hello", 10_000, 10_750, 0.9),
            new Speech.Word("there", 10_750, 11_500, 0.9));
    assertThat(speech.latencyMs()).isEqualTo(500);
    assertThat(speech.recognizerMs()).isEqualTo(300);
    assertThat(speech.recognizer()).isEqualTo("nova-3");
  }

  @Test
  void times_areRoundedToSampleFrameAndLimitedToSentAudio() {
    startSession(mono, SECOND);

    List<TranscriptWrite> writes = mono.onHypothesis(hypothesis(0, 0, 1.9399999, true, "a"), 0, 0);

    assertThat(((TranscriptWrite.Final) writes.getFirst()).coverage().to()).isEqualTo(SECOND);

    mono.sent(3 * SECOND, 0, 0);
    List<TranscriptWrite> next = mono.onHypothesis(hypothesis(0, 1, 1.99994, true, "b"), 0, 0);

    long end = ((TranscriptWrite.Final) next.getFirst()).coverage().to();
    assertThat(end).isEqualTo(2 * SECOND);
  }

  @Test
  void segmentId_isStableFromFirstInterimToFinal() {
    startSession(mono, 10 * SECOND);

    List<String> segments = new ArrayList<>();
    segments.add(segment(mono.onHypothesis(hypothesis(0, 0, 0.5, false, "he"), 0, 0)));
    segments.add(segment(mono.onHypothesis(hypothesis(0, 0.001, 1, false, "hello"), 0, 0)));
    segments.add(segment(mono.onHypothesis(hypothesis(0, 0, 1, true, "hello"), 0, 0)));

    assertThat(segments).containsOnly("0-0");
    assertThat(segment(mono.onHypothesis(hypothesis(0, 1, 1.5, false, "more"), 0, 0)))
        .isEqualTo("0-" + SECOND);
  }

  @Test
  void segmentOfPreviousOwner_isContinued() {
    TranscriptAssembler next =
        new TranscriptAssembler(
            MONO,
            List.of((long) SECOND),
            List.of(previousInterim("0-17000")),
            "nova-3",
            violations::add);
    next.sessionStarted(SECOND);
    next.sent(5 * SECOND, 0, 0);

    assertThat(segment(next.onHypothesis(hypothesis(0, 0.1, 0.5, false, "again"), 0, 0)))
        .isEqualTo("0-17000");
    assertThat(segment(next.onHypothesis(hypothesis(0, 0, 0.5, true, "again"), 0, 0)))
        .isEqualTo("0-17000");
  }

  @Test
  void repeatedFinal_isDropped() {
    startSession(mono, 10 * SECOND);
    mono.onHypothesis(hypothesis(0, 0, 1, true, "once"), 0, 0);

    assertThat(mono.onHypothesis(hypothesis(0, 0, 1, true, "once"), 0, 0)).isEmpty();
    assertThat(violations).containsExactly(ProtocolViolation.REPEATED);
  }

  @Test
  void overlappingFinal_losesCommittedWords() {
    startSession(mono, 10 * SECOND);
    mono.onHypothesis(hypothesis(0, 0, 1, true, "one", "two"), 0, 0);

    List<TranscriptWrite> writes =
        mono.onHypothesis(hypothesis(0, 0, 2, true, "one", "two", "three", "four"), 0, 0);

    assertThat(violations).containsExactly(ProtocolViolation.OVERLAPPING);
    TranscriptWrite.Final written = (TranscriptWrite.Final) writes.getFirst();
    assertThat(written.speech().text()).isEqualTo("three four");
    assertThat(written.speech().startMs()).isEqualTo(1000);
    assertThat(written.coverage()).isEqualTo(new Coverage(0, SECOND, 2 * SECOND));
  }

  @Test
  void finalAfterLaterInterim_isCommittedAndCountedAsLate() {
    startSession(mono, 10 * SECOND);
    mono.onHypothesis(hypothesis(0, 0, 1, false, "first"), 0, 0);
    mono.onHypothesis(hypothesis(0, 1, 1.5, false, "second"), 0, 0);

    List<TranscriptWrite> writes = mono.onHypothesis(hypothesis(0, 0, 1, true, "first"), 0, 0);

    assertThat(violations).containsExactly(ProtocolViolation.LATE);
    assertThat(texts(writes)).containsExactly("first");
    assertThat(mono.onHypothesis(hypothesis(0, 1, 2, true, "second"), 0, 0))
        .as("a final of the newest interim is not late")
        .singleElement()
        .isInstanceOf(TranscriptWrite.Final.class);
  }

  @Test
  void finalWithinTwentyMilliseconds_isNotEarly() {
    startSession(mono, 10 * SECOND);

    assertThat(texts(mono.onHypothesis(hypothesis(0, 0.02, 1, true, "now"), 0, 0)))
        .containsExactly("now");
  }

  @Test
  void emptyFinal_coversAsSilence() {
    startSession(mono, 10 * SECOND);

    assertThat(mono.onHypothesis(hypothesis(0, 0, 3, true), 0, 0))
        .containsExactly(new TranscriptWrite.Silence(new Coverage(0, 0, 3 * SECOND)));
  }

  @Test
  void finishedSession_coversAllSentAudio() {
    startSession(mono, 10 * SECOND);
    mono.onHypothesis(hypothesis(0, 0, 3, true, "a"), 0, 0);

    assertThat(mono.missing().findAtEnd()).isEqualTo(new MissingFinal.None());
    assertThat(mono.sessionFinished(0))
        .containsExactly(new TranscriptWrite.Silence(new Coverage(0, 3 * SECOND, 10 * SECOND)));
    assertThat(mono.lowestCovered()).isEqualTo(10 * SECOND);
  }

  @Test
  void lessProcessedThanSent_doesNotReachEnd() {
    mono.sessionStarted(5 * SECOND);
    mono.sent(15 * SECOND, 0, 0);

    assertThat(mono.reachesEnd(0)).isFalse();
    assertThat(mono.reachesEnd(9.97)).isFalse();
    assertThat(mono.reachesEnd(9.9801)).isTrue();
    assertThat(mono.reachesEnd(10.5)).isTrue();
  }

  @Test
  void unreadableMessage_doesNotReachEndUntilCovered() {
    startSession(mono, 10 * SECOND);
    mono.messageUnreadable();

    assertThat(mono.reachesEnd(10)).isFalse();
    mono.onHypothesis(hypothesis(0, 0, 10, true, "all"), 0, 0);
    assertThat(mono.reachesEnd(10)).isTrue();
  }

  @Test
  void finalsCoveringAllSentAudio_reachEnd() {
    startSession(mono, 10 * SECOND);
    mono.onHypothesis(hypothesis(0, 0, 9.9, true, "a"), 0, 0);
    assertThat(mono.reachesEnd(0)).isFalse();

    mono.onHypothesis(hypothesis(0, 9.9, 10, true, "b"), 0, 0);
    assertThat(mono.reachesEnd(0)).isTrue();
  }

  @Test
  void interimBelowCovered_isDropped() {
    startSession(mono, 10 * SECOND);
    mono.onHypothesis(hypothesis(0, 0, 2, true, "one", "two"), 0, 0);

    assertThat(mono.onHypothesis(hypothesis(0, 0, 2, false, "one", "two"), 0, 0)).isEmpty();
    TranscriptWrite.Interim shown =
        (TranscriptWrite.Interim)
            mono.onHypothesis(hypothesis(0, 0, 3, false, "one", "two", "three"), 0, 0).getFirst();
    assertThat(shown.speech().text()).isEqualTo("three");
    assertThat(shown.speech().startMs()).isEqualTo(2000);
  }

  @Test
  void uncommittedWords_areThoseAboveCovered() {
    startSession(mono, 10 * SECOND);
    mono.onHypothesis(hypothesis(0, 0, 4, false, "one", "two", "three", "four"), 0, 0);
    mono.onHypothesis(hypothesis(0, 0, 2, true, "one", "two"), 0, 0);

    assertThat(mono.uncommitted(0)).extracting(Speech::text).containsExactly("three four");

    mono.onHypothesis(hypothesis(0, 2, 4, true, "three", "four"), 0, 0);
    assertThat(mono.uncommitted(0)).isEmpty();
  }

  @Test
  void interimAtSessionFinish_becomesUnconfirmed() {
    startSession(mono, 10 * SECOND);
    mono.onHypothesis(hypothesis(0, 0, 2, true, "one", "two"), 0, 0);
    mono.onHypothesis(hypothesis(0, 2, 4, false, "three", "four"), 0, 0);

    List<TranscriptWrite> writes = mono.sessionFinished(0);

    assertThat(violations).containsExactly(ProtocolViolation.UNCONFIRMED);
    TranscriptWrite.Final kept = (TranscriptWrite.Final) writes.getFirst();
    assertThat(kept.speech().text()).isEqualTo("three four");
    assertThat(kept.speech().unconfirmed()).isTrue();
    assertThat(kept.coverage()).isEqualTo(new Coverage(0, 2 * SECOND, 4 * SECOND));
    assertThat(writes.getLast())
        .isEqualTo(new TranscriptWrite.Silence(new Coverage(0, 4 * SECOND, 10 * SECOND)));
    assertThat(mono.uncommitted(0)).isEmpty();
  }

  @Test
  void interimOfExpiredAudio_becomesUnconfirmedAndLaterWordsStayOpen() {
    startSession(mono, 10 * SECOND);
    mono.onHypothesis(hypothesis(0, 0, 4, false, "one", "two", "three", "four"), 0, 0);

    List<TranscriptWrite> writes =
        mono.commitUnconfirmedBelow(2 * SECOND + SECOND / 2, "retention", 0);

    assertThat(texts(writes)).containsExactly("one two three");
    assertThat(((TranscriptWrite.Final) writes.getLast()).coverage())
        .as("a word that straddles the position stays whole")
        .isEqualTo(new Coverage(0, 0, 3 * SECOND));
    assertThat(mono.uncommitted(0)).extracting(Speech::text).containsExactly("four");
    assertThat(mono.commitUnconfirmedBelow(3 * SECOND, "retention", 0)).isEmpty();
  }

  @Test
  void interimOfPreviousOwner_isUncommitted() {
    TranscriptAssembler next =
        new TranscriptAssembler(
            MONO, List.of(0L), List.of(previousInterim("0-0")), "nova-3", violations::add);

    Speech left = next.uncommitted(0).getFirst();

    assertThat(left.text()).isEqualTo("again and");
    assertThat(left.segment()).isEqualTo("0-0");
    assertThat(left.startMs()).isEqualTo(1062);
    assertThat(left.endMs()).isEqualTo(1500);
    assertThat(next.recognizedTo()).isEqualTo(SECOND + SECOND / 2);
  }

  @Test
  void channels_areCoveredIndependently() {
    TranscriptAssembler stereo =
        new TranscriptAssembler(STEREO, List.of(0L, 0L), List.of(), "nova-3", violations::add);
    stereo.sessionStarted(0);
    stereo.sent(20 * SECOND, 0, 0);

    stereo.onHypothesis(hypothesis(1, 0, 2, true, "agent"), 0, 0);

    assertThat(stereo.covered(0)).isZero();
    assertThat(stereo.covered(1)).isEqualTo(4 * SECOND);
    assertThat(stereo.lowestCovered()).isZero();
    assertThat(segment(stereo.onHypothesis(hypothesis(0, 0, 1, true, "caller"), 0, 0)))
        .isEqualTo("0-0");
  }

  @Test
  void recognizedTo_isLowestOfAllChannels() {
    TranscriptAssembler stereo =
        new TranscriptAssembler(STEREO, List.of(0L, 0L), List.of(), "nova-3", violations::add);
    stereo.sessionStarted(0);
    stereo.sent(20 * SECOND, 0, 0);
    stereo.onHypothesis(hypothesis(0, 0, 1, true, "caller"), 0, 0);
    stereo.onHypothesis(hypothesis(1, 0, 1, true, "agent"), 0, 0);

    stereo.onHypothesis(hypothesis(0, 1, 2, false, "interim"), 0, 0);
    assertThat(stereo.recognizedTo()).as("the agent has no interim").isEqualTo(2 * SECOND);

    stereo.onHypothesis(hypothesis(1, 1, 1.5, false, "interim"), 0, 0);
    assertThat(stereo.recognizedTo()).isEqualTo(3 * SECOND);
  }

  @Test
  void unknownChannel_isDropped() {
    startSession(mono, SECOND);

    assertThat(mono.onHypothesis(hypothesis(1, 0, 1, true, "dropped"), 0, 0)).isEmpty();
    assertThat(violations).containsExactly(ProtocolViolation.NO_SUCH_CHANNEL);
  }

  @Test
  void textWithoutWords_isKeptIfMostlyNew() {
    startSession(mono, 10 * SECOND);
    mono.onHypothesis(hypothesis(0, 0, 1, true, "a"), 0, 0);

    assertThat(texts(mono.onHypothesis(textOnly(0.5, 3, "mostly new"), 0, 0)))
        .containsExactly("mostly new");
    assertThat(texts(mono.onHypothesis(textOnly(0, 3.5, "mostly old"), 0, 0))).isEmpty();
    assertThat(mono.covered(0)).isEqualTo(7 * SECOND / 2);
  }

  private static void startSession(TranscriptAssembler assembler, long sent) {
    assembler.sessionStarted(0);
    assembler.sent(sent, 0, 0);
  }

  private static String segment(List<TranscriptWrite> writes) {
    return switch (writes.getFirst()) {
      case TranscriptWrite.Interim(Speech speech) -> speech.segment();
      case TranscriptWrite.Final(_, Speech speech) -> speech.segment();
      default -> throw new AssertionError("no words in " + writes);
    };
  }

  private static List<String> texts(List<TranscriptWrite> writes) {
    return writes.stream()
        .filter(TranscriptWrite.Final.class::isInstance)
        .map(step -> ((TranscriptWrite.Final) step).speech().text())
        .toList();
  }

  /// An interim of a previous owner, in the second second.
  private static Speech previousInterim(String segment) {
    return new Speech(
        segment,
        1062,
        1500,
        "again and",
        0.5,
        null,
        0,
        null,
        List.of(new Speech.Word("again", 1062, 1200, 0.5), new Speech.Word("and", 1200, 1500, 0.5)),
        "nova-3",
        0,
        0,
        false);
  }

  private static Hypothesis textOnly(double start, double end, String text) {
    return new Hypothesis(0, start, end, text.toLowerCase(Locale.ROOT), 0.5, List.of(), null, true);
  }
}
