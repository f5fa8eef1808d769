package io.verbatim.tools.smoke;

/// A check that failed, with the sentence that is printed.
final class SmokeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  SmokeFailure(String sentence) {
    super(sentence);
  }

  static void unless(boolean condition, String sentence) throws SmokeFailure {
    if (!condition) {
      throw new SmokeFailure(sentence);
    }
  }
}
