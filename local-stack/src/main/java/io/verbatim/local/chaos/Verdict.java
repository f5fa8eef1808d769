package io.verbatim.local.chaos;

import java.util.BitSet;
import java.util.List;

/// How a transcript compares to its script, which is every number from 0 on, once and in order.
///
/// @param expected words of the script
/// @param lost words of the script that the transcript does not have
/// @param repeated words the transcript has more than once
/// @param misplaced words that follow a greater one
/// @param ends how often it says that the call has ended
record Verdict(int expected, int lost, int repeated, int misplaced, int ends) {

  static Verdict of(int expected, List<Integer> words, int ends) {
    BitSet seen = new BitSet(expected);
    int repeated = 0;
    int misplaced = 0;
    int greatest = -1;
    for (int word : words) {
      if (seen.get(word)) {
        repeated++;
      } else if (word < greatest) {
        misplaced++;
      }
      seen.set(word);
      greatest = Math.max(greatest, word);
    }
    return new Verdict(
        expected, expected - seen.get(0, expected).cardinality(), repeated, misplaced, ends);
  }

  boolean isSound() {
    return lost == 0 && repeated == 0 && misplaced == 0 && ends == 1;
  }

  Verdict plus(Verdict other) {
    return new Verdict(
        expected + other.expected,
        lost + other.lost,
        repeated + other.repeated,
        misplaced + other.misplaced,
        ends + other.ends);
  }
}
