package io.verbatim.testkit.deepgram;

/// Notified of the sessions of a stand-in, on the threads of their sockets.
public interface StandInListener {
  /// Ignores everything.
  StandInListener NONE = new StandInListener() {};

  /// A frame of a channel arrived.
  ///
  /// @param sentNanos the time in its header; meaningless unless it is as expected
  /// @param expected whether it is the next frame of its call
  default void received(RecordedSession session, long sentNanos, boolean expected) {}

  /// A session sends its first results.
  default void answered(RecordedSession session) {}
}
