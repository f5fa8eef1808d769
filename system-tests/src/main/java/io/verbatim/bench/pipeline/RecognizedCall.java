package io.verbatim.bench.pipeline;

/// The audio that the recogniser received of one call. Written by the recogniser's loop, read by
/// any thread.
final class RecognizedCall {
  private int sessions;
  private int frames;
  private int wrong;

  synchronized void sessionOpened() {
    sessions++;
  }

  synchronized void received(int newFrames, int newWrong) {
    frames += newFrames;
    wrong += newWrong;
  }

  synchronized int sessions() {
    return sessions;
  }

  synchronized int frames() {
    return frames;
  }

  /// The number of frames that differ from the next expected frame.
  synchronized int wrong() {
    return wrong;
  }
}
