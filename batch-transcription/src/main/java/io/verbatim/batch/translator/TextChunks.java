package io.verbatim.batch.translator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Cuts a text into chunks: between two sentences if a chunk has more than one, else between two
/// words, else between two code points. Joined in order, the chunks are the text.
public final class TextChunks {

  private static final String TERMINATORS = ".!?…؟۔।॥։።";
  private static final String WIDE_TERMINATORS = "。！？｡";
  private static final String CLOSERS = "\"'”’»)]}」』）】";

  /// Whether the code points read so far end a sentence.
  private enum Sentence {
    OPEN,
    /// It ends if a blank follows, because `3.5` is no end.
    TERMINATED,
    OVER
  }

  private final String text;
  private final int limit;
  private final IntUnaryOperator weight;
  private final List<String> chunks = new ArrayList<>();
  private int start;
  private long used;
  private int sentence;
  private long usedAtSentence;
  private int word;
  private long usedAtWord;

  private TextChunks(String text, int limit, IntUnaryOperator weight) {
    this.text = text;
    this.limit = limit;
    this.weight = weight;
  }

  /// Cuts a text.
  ///
  /// @param limit for the sum of the weights of a chunk, at least that of the heaviest code point
  /// @param weight of a code point, at least 1
  public static List<String> cut(String text, int limit, IntUnaryOperator weight) {
    TextChunks cutting = new TextChunks(text, limit, weight);
    cutting.run();
    return List.copyOf(cutting.chunks);
  }

  private void run() {
    Sentence state = Sentence.OPEN;
    boolean afterBlank = false;
    int i = 0;
    while (i < text.length()) {
      int codePoint = text.codePointAt(i);
      boolean isBlank = Character.isWhitespace(codePoint);
      if (!isBlank && afterBlank) {
        word = i;
        usedAtWord = used;
      }
      boolean closes = CLOSERS.indexOf(codePoint) >= 0 && !afterBlank;
      if (state == Sentence.OVER && !isBlank && !closes) {
        sentence = i;
        usedAtSentence = used;
      }
      int next = weight.applyAsInt(codePoint);
      while (used + next > limit) {
        cutBefore(i);
      }
      used += next;
      state = after(state, codePoint, isBlank);
      afterBlank = isBlank;
      i += Character.charCount(codePoint);
    }
    if (start < text.length()) {
      chunks.add(text.substring(start));
    }
  }

  private void cutBefore(int i) {
    boolean atSentence = sentence > start;
    boolean atWord = word > start;
    int end = atSentence ? sentence : atWord ? word : i;
    used -= atSentence ? usedAtSentence : atWord ? usedAtWord : used;
    usedAtWord -= atSentence ? usedAtSentence : usedAtWord;
    chunks.add(text.substring(start, end));
    start = end;
  }

  private static Sentence after(Sentence state, int codePoint, boolean isBlank) {
    if (codePoint == '\n' || WIDE_TERMINATORS.indexOf(codePoint) >= 0) {
      return Sentence.OVER;
    }
    if (isBlank) {
      return state == Sentence.OPEN ? Sentence.OPEN : Sentence.OVER;
    }
    if (TERMINATORS.indexOf(codePoint) >= 0) {
      return Sentence.TERMINATED;
    }
    return CLOSERS.indexOf(codePoint) >= 0 ? state : Sentence.OPEN;
  }
}
