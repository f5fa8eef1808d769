package io.verbatim.numbers;

import io.verbatim.numbers.ReceivedTranscript.Gap;
import io.verbatim.numbers.ReceivedTranscript.Word;
import java.util.BitSet;
import java.util.List;

/// The result of comparing a transcript with the words that its caller sent: every number from 0,
/// once, in order, each 20 ms after the one before.
///
/// @param expected the number of words sent
/// @param lost words that are missing outside gaps
/// @param inGaps words that are missing within gaps
/// @param repeated extra words: repeated, never sent, or within a gap
/// @param misplaced words that follow a greater one
/// @param mistimed words that start more than 20 ms from their time
/// @param ends the number of `ended` events
public record Verdict(
    int expected, int lost, int inGaps, int repeated, int misplaced, int mistimed, int ends) {
  /// The duration of every word.
  public static final long FRAME_MILLIS = 20;

  /// The result of no comparison; neutral for [#plus].
  public static final Verdict NONE = new Verdict(0, 0, 0, 0, 0, 0, 0);

  /// Compares each channel of a call and adds up the results.
  ///
  /// @param expected the number of words of each channel
  public static Verdict ofChannels(
      int channels, int expected, ReceivedTranscript transcript, List<Gap> allowedGaps) {
    Verdict sum = NONE;
    for (int channel = 0; channel < channels; channel++) {
      sum = sum.plus(of(expected, transcript.ofChannel(channel), allowedGaps));
    }
    return sum.withEnds(transcript.endings().size());
  }

  private Verdict withEnds(int count) {
    return new Verdict(expected, lost, inGaps, repeated, misplaced, mistimed, count);
  }

  /// Compares a transcript of one channel.
  ///
  /// @param allowedGaps gaps in which every word must be missing
  public static Verdict of(int expected, ReceivedTranscript transcript, List<Gap> allowedGaps) {
    BitSet inGap = new BitSet(expected);
    for (int frame = 0; frame < expected; frame++) {
      int number = frame;
      inGap.set(frame, allowedGaps.stream().anyMatch(gap -> gap.overlaps(number)));
    }
    BitSet seen = new BitSet(expected);
    int repeated = 0;
    int misplaced = 0;
    int mistimed = 0;
    int greatest = -1;
    for (Word word : transcript.words()) {
      int number = word.number();
      if (seen.get(number) || number >= expected || inGap.get(number)) {
        repeated++;
      } else if (number < greatest) {
        misplaced++;
      }
      if (Math.abs(word.startMs() - number * FRAME_MILLIS) > FRAME_MILLIS) {
        mistimed++;
      }
      seen.set(number);
      greatest = Math.max(greatest, number);
    }
    BitSet absent = new BitSet(expected);
    absent.set(0, expected);
    absent.andNot(seen);
    int allAbsent = absent.cardinality();
    absent.andNot(inGap);
    int lost = absent.cardinality();
    return new Verdict(
        expected,
        lost,
        allAbsent - lost,
        repeated,
        misplaced,
        mistimed,
        transcript.endings().size());
  }

  /// Whether every word outside gaps was received once, in order and on time, and the call ended
  /// once.
  public boolean isSound() {
    return lost == 0 && repeated == 0 && misplaced == 0 && mistimed == 0 && ends == 1;
  }

  public Verdict plus(Verdict other) {
    return new Verdict(
        expected + other.expected,
        lost + other.lost,
        inGaps + other.inGaps,
        repeated + other.repeated,
        misplaced + other.misplaced,
        mistimed + other.mistimed,
        ends + other.ends);
  }
}
