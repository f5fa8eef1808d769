package io.verbatim.pubsub.message;

/// What became of an attempt to open a call.
public sealed interface Opening {

  /// The call is the writer's: new, or resumed with what the log already holds.
  ///
  /// @param tail where the log ends
  /// @param covered below this every word has been written
  /// @param seq the number of the last frame that is stored whole, 0 where frames are not numbered
  /// @param partialBytes how much of the frame behind it is stored
  record Opened(boolean resumed, long tail, long covered, long seq, int partialBytes)
      implements Opening {}

  /// The call may not be opened.
  record Refused(Reason reason) implements Opening {}

  /// Why a call may not be opened.
  enum Reason {
    /// The id is in use and no resumption was asked for.
    EXISTS,
    /// The id has been used by a call that ended.
    ENDED,
    /// The id is another tenant's.
    OTHER_TENANT,
    /// A resumption in another audio format.
    OTHER_FORMAT
  }
}
