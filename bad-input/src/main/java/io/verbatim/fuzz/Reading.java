package io.verbatim.fuzz;

/// Hands any bytes to a parser, and throws where it does what it must not.
@FunctionalInterface
public interface Reading {
  void read(byte[] input);
}
