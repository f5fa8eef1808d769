package io.verbatim.fuzz;

/// Passes any bytes to a parser and throws if the parser breaks a guarantee.
@FunctionalInterface
public interface FuzzTarget {
  void run(byte[] input);
}
