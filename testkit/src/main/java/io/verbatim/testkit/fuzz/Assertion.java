package io.verbatim.testkit.fuzz;

/// Checks a guarantee of a parser beyond not throwing.
public final class Assertion {
  private Assertion() {}

  /// Throws if the guarantee does not hold.
  ///
  /// @param failure what is wrong if it does not hold
  public static void check(boolean holds, String failure) {
    if (!holds) {
      throw new FailedException(failure);
    }
  }

  /// A broken guarantee: a finding.
  public static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailedException(String failure) {
      super(failure);
    }
  }
}
