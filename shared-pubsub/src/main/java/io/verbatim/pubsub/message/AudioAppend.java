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
/// @param partialBytes how many bytes before `end` belong to a frame that is not whole yet: one
///   that is larger than an entry
/// @param pcm whole sample frames, at most [#MAX_BYTES]
/// @param arrivedMillis when its last byte arrived, in epoch milliseconds
/// @param mostUnreadBytes how much of the call may stay in the log, this entry included, while a
///   worker has it heard; what is not heard is bounded by the log's retention too
public record AudioAppend(
    CallId call,
    String writer,
    long expectedTail,
    long end,
    long seq,
    int partialBytes,
    byte[] pcm,
    long arrivedMillis,
    long mostUnreadBytes) {
  /// The largest entry the log takes.
  public static final int MAX_BYTES = 32 * 1024;

  /// Audio that ends with a whole frame, of a writer that has all the room there is.
  public static AudioAppend whole(
      CallId call,
      String writer,
      long expectedTail,
      long end,
      long seq,
      byte[] pcm,
      long arrivedMillis) {
    return new AudioAppend(
        call, writer, expectedTail, end, seq, 0, pcm, arrivedMillis, Long.MAX_VALUE);
  }

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
