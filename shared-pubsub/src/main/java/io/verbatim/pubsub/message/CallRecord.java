package io.verbatim.pubsub.message;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call in the directory, with its ledger in bytes and in milliseconds.
///
/// `received = transcribed + gap + pending` holds in both units: each position is rounded down to a
/// millisecond, and every length is the difference of two rounded positions.
///
/// @param endReason why the call ended; absent while it is live
/// @param complete whether every received byte became words or silence; false while the call is
///   live
/// @param recognizer the recogniser's state as last set
/// @param receivedBytes the call's audio, dropped audio included
/// @param lostBytes audio that never reached this log; the rest of `receivedBytes` was stored
/// @param sentBytes audio that the owners have sent to a recogniser, replays included, as last
///   recorded
/// @param coveredBytes the position below which, on every channel, each byte is transcribed or in a
///   gap
/// @param gapBytes audio that will never be transcribed
/// @param gapMs the sum of the transcript's gaps
/// @param unconfirmed the number of finals that the recogniser never confirmed; their audio counts
///   as transcribed
/// @param claims how often a worker has claimed the call
public record CallRecord(
    CallStart start,
    State state,
    Instant lastActivity,
    Optional<String> endReason,
    boolean complete,
    @Nullable RecognizerStatus recognizer,
    long finals,
    long receivedBytes,
    long lostBytes,
    long sentBytes,
    long coveredBytes,
    long gapBytes,
    long gapMs,
    long unconfirmed,
    long claims) {

  /// Whether a call is live.
  public enum State {
    LIVE,
    ENDED;

    /// `live` or `ended`.
    public String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public CallId call() {
    return start.call();
  }

  public long receivedMs() {
    return start.format().toMillis(receivedBytes);
  }

  /// The audio that reached the log.
  public long storedMs() {
    return start.format().toMillis(receivedBytes - lostBytes);
  }

  public long sentMs() {
    return start.format().toMillis(sentBytes);
  }

  /// The time up to which all audio is transcribed or in a gap.
  public long coveredMs() {
    return start.format().toMillis(coveredBytes);
  }

  public long pendingMs() {
    return receivedMs() - coveredMs();
  }

  public long transcribedMs() {
    return coveredMs() - gapMs;
  }

  public long pendingBytes() {
    return receivedBytes - coveredBytes;
  }

  public long transcribedBytes() {
    return coveredBytes - gapBytes;
  }
}
