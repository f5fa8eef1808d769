package io.verbatim.local.numbers;

import io.verbatim.local.numbers.Shown.Gap;
import io.verbatim.local.numbers.Shown.Word;
import java.util.BitSet;
import java.util.List;

/// How a transcript compares to its script, which is every number from 0 on, once, in order, each
/// 20 ms after the one before.
///
/// @param expected words of the script
/// @param lost words of the script that the transcript does not have, and that no gap explains
/// @param inGaps words that the transcript does not have, and says so
/// @param repeated words it has beyond the script: once more, or never spoken, or although a gap
///   says they are missing
/// @param misplaced words that follow a greater one
/// @param mistimed words that start more than 20 ms beside their time
/// @param ends how often it says that the call has ended
public record Verdict(
    int expected, int lost, int inGaps, int repeated, int misplaced, int mistimed, int ends) {
  /// The length of every word.
  public static final long FRAME_MILLIS = 20;

  public static final Verdict NONE = new Verdict(0, 0, 0, 0, 0, 0, 0);

  /// Compares each channel of a call, and sums up.
  ///
  /// @param expected words of each channel
  public static Verdict ofChannels(int channels, int expected, Shown shown, List<Gap> excused) {
    Verdict sum = NONE;
    for (int channel = 0; channel < channels; channel++) {
      sum = sum.plus(of(expected, shown.ofChannel(channel), excused));
    }
    return sum.withEnds(shown.endings().size());
  }

  private Verdict withEnds(int count) {
    return new Verdict(expected, lost, inGaps, repeated, misplaced, mistimed, count);
  }

  /// Compares.
  ///
  /// @param excused gaps whose words may be missing, and must be
  public static Verdict of(int expected, Shown shown, List<Gap> excused) {
    BitSet missing = new BitSet(expected);
    for (int frame = 0; frame < expected; frame++) {
      int number = frame;
      missing.set(frame, excused.stream().anyMatch(gap -> gap.touches(number)));
    }
    BitSet seen = new BitSet(expected);
    int repeated = 0;
    int misplaced = 0;
    int mistimed = 0;
    int greatest = -1;
    for (Word word : shown.words()) {
      int number = word.number();
      if (seen.get(number) || number >= expected || missing.get(number)) {
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
    BitSet unsaid = new BitSet(expected);
    unsaid.set(0, expected);
    unsaid.andNot(seen);
    int silent = unsaid.cardinality();
    unsaid.andNot(missing);
    int lost = unsaid.cardinality();
    return new Verdict(
        expected, lost, silent - lost, repeated, misplaced, mistimed, shown.endings().size());
  }

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
