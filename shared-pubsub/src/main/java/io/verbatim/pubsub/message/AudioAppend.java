package io.verbatim.pubsub.message;

/// Audio to append to a call's log, with the tail that the writer expects.
///
/// The array is not copied. The writer must not change it afterwards.
///
/// @param writer the token that opened the call
/// @param expectedTail the tail of the log that the writer expects
/// @param end the position after the last byte; `end - pcm.length` is above `expectedTail` if audio
///   was dropped
/// @param seq the number of the last frame in it; 0 if the caller does not number frames
/// @param partialBytes how many bytes before `end` belong to an incomplete frame, which is larger
///   than an entry
/// @param pcm whole sample frames, at most [#MAX_BYTES]
/// @param arrivedMillis the arrival of its last byte, in epoch milliseconds
/// @param mostUnreadBytes the most audio of the call that may stay in the log, this entry included,
///   while a recogniser is connected; otherwise the log's retention is a second bound
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
  /// The largest entry that the log accepts.
  public static final int MAX_BYTES = 32 * 1024;

  /// Audio that ends with a whole frame, without a limit on unread bytes.
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
          "pcm has " + pcm.length + " bytes; allowed are 1 to " + MAX_BYTES);
    }
    if (end - pcm.length < expectedTail) {
      throw new IllegalArgumentException(
          "the entry starts at "
              + (end - pcm.length)
              + "; it must start at expectedTail "
              + expectedTail
              + " or above");
    }
  }
}
