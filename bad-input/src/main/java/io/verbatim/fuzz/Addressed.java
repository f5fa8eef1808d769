package io.verbatim.fuzz;

import java.util.Arrays;
import java.util.List;

/// An input and the target it is for, as one process that fuzzes several targets is handed them:
/// the first byte chooses among its targets, whatever it is.
record Addressed(Target target, byte[] input) {

  /// @param targets of the process, in its order
  /// @param bytes at least one
  static Addressed of(byte[] bytes, List<Target> targets) {
    return new Addressed(
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
