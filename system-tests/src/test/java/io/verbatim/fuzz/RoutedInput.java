package io.verbatim.fuzz;

import java.util.Arrays;
import java.util.List;

/// An input and its target, in the encoding of a process that fuzzes several targets: the first
/// byte, modulo the number of targets, selects the target.
record RoutedInput(Target target, byte[] input) {

  /// @param targets of the process, in its order
  /// @param bytes at least one
  static RoutedInput of(byte[] bytes, List<Target> targets) {
    return new RoutedInput(
        targets.get(Byte.toUnsignedInt(bytes[0]) % targets.size()),
        Arrays.copyOfRange(bytes, 1, bytes.length));
  }

  byte[] bytes(List<Target> targets) {
    byte[] bytes = new byte[input.length + 1];
    bytes[0] = (byte) targets.indexOf(target);
    System.arraycopy(input, 0, bytes, 1, input.length);
    return bytes;
  }
}
