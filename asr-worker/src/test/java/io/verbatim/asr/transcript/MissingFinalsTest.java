package io.verbatim.asr.transcript;

import static io.verbatim.asr.transcript.Hypotheses.hypothesis;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.asr.recognizer.ProtocolViolation;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Coverage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A final that starts above `covered` shows that the one before it is late or lost.
class MissingFinalsTest {
  private static final int SECOND = 16_000;
  private static final long TWO_SECONDS = Duration.ofSeconds(2).toNanos();
  private static final MissingFinal NONE = new MissingFinal.None();

  /// An arbitrary time of a monotonic clock.
  private static final long START = -5;

  private final List<ProtocolViolation> violations = new ArrayList<>();
  private final TranscriptAssembler mono = assembler("pcm16/8000/1", List.of(0L));
  private final TranscriptAssembler stereo = assembler("pcm16/8000/2", List.of(0L, 0L));

  private TranscriptAssembler assembler(String format, List<Long> covered) {
    return new TranscriptAssembler(
        AudioFormat.parse(format), covered, List.of(), "nova-3", violations::add);
  }

  @Test
  void earlyFinal_waitsForPreviousOne() {
    startSession(mono, 0);

    assertThat(early(mono, 1)).isEmpty();
    assertThat(violations).containsExactly(ProtocolViolation.EARLY_HELD);
    assertThat(mono.missing().areAwaited()).isTrue();
    assertThat(mono.missing().find(START + TWO_SECONDS - 1)).isEqualTo(NONE);

    assertThat(mono.onHypothesis(hypothesis(0, 0, 1, true, "first"), 0, START + TWO_SECONDS - 1))
        .extracting(write -> ((TranscriptWrite.Final) write).speech().text())
        .containsExactly("first", "early");
    assertThat(mono.missing().areAwaited()).isFalse();
  }

  @Test
  void finalMissingForTwoSeconds_isLostAndCoversNothing() {
    startSession(mono, 0);
    early(mono, 1);

    assertThat(mono.missing().find(START + TWO_SECONDS)).isEqualTo(new MissingFinal.Lost(0));
    assertThat(violations).containsExactly(ProtocolViolation.EARLY_HELD, ProtocolViolation.MISSING);
    assertThat(mono.lowestCovered()).isZero();
  }

  @Test
  void emptyFinal_coversAudioAndIsHeldIfEarly() {
    startSession(mono, 0);
    mono.onHypothesis(hypothesis(0, 0, 3, true), 0, START);

    assertThat(mono.onHypothesis(hypothesis(0, 3, 4, true, "next"), 0, START)).hasSize(1);
    assertThat(mono.onHypothesis(hypothesis(0, 5, 6, true), 0, START)).isEmpty();
    assertThat(mono.missing().find(START + TWO_SECONDS))
        .isEqualTo(new MissingFinal.Lost(4 * SECOND));
  }

  @Test
  void finalLostByThreeSessions_becomesGapAndNextFinalIsCommitted() {
    assertThat(loseFirstFinal(mono)).isEqualTo(new MissingFinal.Lost(0));
    assertThat(loseFirstFinal(mono)).isEqualTo(new MissingFinal.Lost(0));

    assertThat(loseFirstFinal(mono)).isEqualTo(new MissingFinal.Abandoned(SECOND));

    assertThat(mono.commitUnconfirmedBelow(SECOND, "lost", 0)).containsExactly(gap(0, 1));
    assertThat(mono.commitReady(0))
        .extracting(write -> ((TranscriptWrite.Final) write).coverage())
        .containsExactly(new Coverage(0, SECOND, 2 * SECOND));
    assertThat(mono.missing().areAwaited()).isFalse();
  }

  @Test
  void progressBetweenLosses_restartsCount() {
    loseFirstFinal(mono);
    loseFirstFinal(mono);
    startSession(mono, 0);
    mono.onHypothesis(hypothesis(0, 0, 0.5, true, "progress"), 0, START);

    assertThat(loseFirstFinal(mono)).isEqualTo(new MissingFinal.Lost(SECOND / 2));
    assertThat(loseFirstFinal(mono)).isEqualTo(new MissingFinal.Lost(SECOND / 2));
    assertThat(loseFirstFinal(mono)).isEqualTo(new MissingFinal.Abandoned(3 * SECOND / 2));
  }

  @Test
  void tooManyEarlyFinals_endWaitAndAreBounded() {
    startSession(mono, 0);
    for (int i = 1; i <= EarlyFinals.MAX_HELD; i++) {
      early(mono, i);
    }
    assertThat(mono.missing().find(START)).isEqualTo(NONE);

    for (int i = 1; i <= 10; i++) {
      early(mono, EarlyFinals.MAX_HELD + i);
    }

    assertThat(mono.missing().find(START)).isEqualTo(new MissingFinal.Lost(0));
    mono.skipTo(SECOND);
    assertThat(mono.commitReady(0)).hasSize(EarlyFinals.MAX_HELD + 1);
  }

  @Test
  void newSession_discardsEarlyFinals() {
    startSession(mono, 0);
    early(mono, 1);

    mono.sessionStarted(0);

    assertThat(mono.missing().areAwaited()).isFalse();
    assertThat(mono.missing().find(START + 2 * TWO_SECONDS)).isEqualTo(NONE);
  }

  @Test
  void otherChannelBehind_getsTwiceTheWait() {
    loseFirstFinal(stereo);
    loseFirstFinal(stereo);
    assertThat(loseFirstFinal(stereo)).isEqualTo(NONE);

    assertThat(stereo.missing().find(START + 2 * TWO_SECONDS - 1)).isEqualTo(NONE);
    assertThat(stereo.missing().find(START + 2 * TWO_SECONDS))
        .isEqualTo(new MissingFinal.Abandoned(2 * SECOND));
  }

  @Test
  void otherChannelCoveredAsFar_isNotAwaited() {
    loseFirstFinal(stereo);
    loseFirstFinal(stereo);
    stereo.onHypothesis(hypothesis(1, 0, 1, true, "agent"), 0, START);

    assertThat(loseFirstFinal(stereo)).isEqualTo(new MissingFinal.Abandoned(2 * SECOND));
  }

  @Test
  void earlyFinalAtEnd_isLostBecausePreviousCannotArrive() {
    startSession(mono, 0);
    early(mono, 1);

    assertThat(mono.missing().findAtEnd()).isEqualTo(new MissingFinal.Lost(0));
  }

  @Test
  void interimAboveCoveredAtEnd_meansFinalIsMissing() {
    startSession(mono, 0);
    mono.onHypothesis(hypothesis(0, 0, 1, true, "first"), 0, START);
    mono.onHypothesis(hypothesis(0, 2, 3, false, "third"), 0, START);

    assertThat(mono.missing().findAtEnd()).isEqualTo(new MissingFinal.Lost(SECOND));
  }

  @Test
  void interimAtEndWithoutFinal_meansLastFinalIsMissing_threeTimes() {
    startSession(mono, 0);
    mono.onHypothesis(hypothesis(0, 0, 1, false, "last"), 0, START);

    assertThat(mono.missing().findLast()).isEqualTo(new MissingFinal.Lost(0));
    assertThat(mono.missing().findLast()).isEqualTo(new MissingFinal.Lost(0));
    assertThat(mono.missing().findLast()).isEqualTo(new MissingFinal.None());
  }

  @Test
  void audioBeforeInterimWithoutFinal_becomesGap() {
    startSession(mono, 0);
    mono.onHypothesis(hypothesis(0, 2, 3, false, "third"), 0, START);

    List<TranscriptWrite> writes = mono.commitUnconfirmedBelow(4 * SECOND, "lost", 0);

    assertThat(writes.getFirst()).isEqualTo(gap(0, 2));
    assertThat(((TranscriptWrite.Final) writes.getLast()).coverage())
        .isEqualTo(new Coverage(0, 2 * SECOND, 3 * SECOND));
  }

  @Test
  void interimOfMissingFinal_isKeptAsUnconfirmed() {
    startSession(mono, 0);
    mono.onHypothesis(hypothesis(0, 0, 1, false, "shown"), 0, START);
    early(mono, 2);

    List<TranscriptWrite> writes = mono.commitUnconfirmedBelow(2 * SECOND, "lost", 0);

    assertThat(writes).hasSize(1);
    assertThat(((TranscriptWrite.Final) writes.getFirst()).speech().unconfirmed()).isTrue();
    assertThat(mono.lowestCovered()).isEqualTo(SECOND);
  }

  private static void startSession(TranscriptAssembler assembler, long from) {
    assembler.sessionStarted(from);
    assembler.sent(100 * SECOND, 0, 0);
  }

  /// A final of one second of the first channel.
  private static List<TranscriptWrite> early(TranscriptAssembler assembler, double start) {
    return assembler.onHypothesis(hypothesis(0, start, start + 1, true, "early"), 0, START);
  }

  /// A session whose first final starts one second after `covered`.
  private static MissingFinal loseFirstFinal(TranscriptAssembler assembler) {
    startSession(assembler, assembler.lowestCovered());
    assertThat(early(assembler, 1)).isEmpty();
    return assembler.missing().find(START + TWO_SECONDS);
  }

  private static TranscriptWrite.Gap gap(int fromSeconds, int toSeconds) {
    return new TranscriptWrite.Gap((long) fromSeconds * SECOND, (long) toSeconds * SECOND, "lost");
  }
}
