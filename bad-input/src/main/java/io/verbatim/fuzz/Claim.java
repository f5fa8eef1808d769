package io.verbatim.fuzz;

/// What a parser promises beyond not to throw.
public final class Claim {
  private Claim() {}

  /// Throws where the claim does not hold.
  ///
  /// @param broken what has happened then
  public static void that(boolean holds, String broken) {
    if (!holds) {
      throw new BrokenException(broken);
    }
  }

  /// A promise a parser has broken: a finding.
  public static final class BrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenException(String what) {
      super(what);
    }
  }
}
