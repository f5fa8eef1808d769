package io.verbatim.batch.translator;

import java.util.List;

/// Estimates the tokens of a text: four ASCII characters are a token, and every other character is
/// one. That is close for English, and too high for most other languages, so a text that fits the
/// estimate also fits the model. A token is never more than four bytes of UTF-8.
public final class Tokens {

  /// The weight of one token.
  private static final int WEIGHT = 4;

  private Tokens() {}

  /// The estimated tokens of a text, rounded up.
  public static int estimate(String text) {
    long weight = text.codePoints().mapToLong(Tokens::weight).sum();
    return Math.toIntExact((weight + WEIGHT - 1) / WEIGHT);
  }

  /// The chunks of a text with at most this many estimated tokens each.
  public static List<String> chunks(String text, int maxTokens) {
    return TextChunks.cut(text, maxTokens * WEIGHT, Tokens::weight);
  }

  private static int weight(int codePoint) {
    return codePoint < 0x80 ? 1 : WEIGHT;
  }
}
