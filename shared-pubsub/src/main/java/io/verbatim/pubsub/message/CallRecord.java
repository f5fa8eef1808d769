package io.verbatim.pubsub.message;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call as the directory knows it, with its ledger in bytes and in milliseconds.
///
/// `received = transcribed + gap + pending`, always and in both: a position is rounded down to its
/// millisecond once, and every length is the difference of two positions so rounded.
///
/// @param endReason why the call ended; absent while it is live
/// @param complete whether every byte received became words or silence; false while the call is
///   live
/// @param recognizer its recogniser's state as last set
/// @param receivedBytes the call's audio, dropped audio included
/// @param lostBytes audio that never reached this log; what was stored is the rest of what was
///   received
/// @param sentBytes audio its owners have sent to a recogniser, replays included, as of its newest
///   words
/// @param coveredBytes below this, on every channel, each byte is transcribed or lies in a gap
/// @param gapBytes audio nobody will transcribe
/// @param gapMs the same: what the transcript's gaps sum to
/// @param unconfirmed how many finals the recogniser never confirmed; their audio counts as
///   transcribed
/// @param takes how often a worker has taken the call
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
    long takes) {

  /// Whether a call is still going on.
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

  /// What has reached the log.
  public long storedMs() {
    return start.format().toMillis(receivedBytes - lostBytes);
  }

  public long sentMs() {
    return start.format().toMillis(sentBytes);
  }

  /// Up to here each moment is transcribed or lies in a gap.
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
