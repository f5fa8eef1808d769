package io.verbatim.local.bench;

/// What a recogniser heard of one call. Thread-safe.
final class Heard {
  private int sessions;
  private int frames;
  private int wrong;

  synchronized void session() {
    sessions++;
  }

  synchronized void frame(boolean asExpected) {
    frames++;
    if (!asExpected) {
      wrong++;
    }
  }

  synchronized int sessions() {
    return sessions;
  }

  synchronized int frames() {
    return frames;
  }

  /// Frames that were not byte for byte the next one.
  synchronized int wrong() {
    return wrong;
  }
}
