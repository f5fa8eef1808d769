package io.verbatim.pubsub.message;

/// Audio to be appended to a call's log, and where the writer believes the log ends.
///
/// The array is not copied: the writer hands it over.
///
/// @param writer the token the call was opened with
/// @param expectedTail where the writer believes the log ends
/// @param end the position behind the last byte; `end - pcm.length` lies above `expectedTail` where
///   audio was dropped
/// @param seq the number of the last frame in it, for callers that number their frames; else 0
/// @param pcm whole sample frames, at most [#MAX_BYTES]
/// @param arrivedMillis when its last byte arrived, in epoch milliseconds
public record AudioAppend(
    CallId call,
    String writer,
    long expectedTail,
    long end,
    long seq,
    byte[] pcm,
    long arrivedMillis) {
  /// The largest entry the log takes.
  public static final int MAX_BYTES = 32 * 1024;

  public AudioAppend {
    if (pcm.length == 0 || pcm.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "an entry holds 1 to " + MAX_BYTES + " bytes, not " + pcm.length);
    }
    if (end - pcm.length < expectedTail) {
      throw new IllegalArgumentException("an entry begins at or above the tail it expects");
    }
  }
}
