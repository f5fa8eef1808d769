package io.verbatim.pubsub.message;

/// The result of a request to open a call.
public sealed interface Opening {

  /// The writer may write to the call, which is new, or resumed with the audio that the log already
  /// holds.
  ///
  /// @param tail the position at which the log ends
  /// @param covered the position below which all words have been written
  /// @param seq the number of the last frame that is stored completely; 0 if frames are not
  ///   numbered
  /// @param partialBytes how many bytes of the next frame are stored
  record Opened(boolean resumed, long tail, long covered, long seq, int partialBytes)
      implements Opening {}

  /// The call was not opened.
  record Refused(Reason reason) implements Opening {}

  /// Why a call was not opened.
  enum Reason {
    /// The id is in use, and the request was not a resumption.
    EXISTS,
    /// The call with this id has ended.
    ENDED,
    /// The id belongs to another tenant.
    OTHER_TENANT,
    /// The resumption has another audio format.
    OTHER_FORMAT
  }
}
