package io.verbatim.asr.transcript;

import io.verbatim.pubsub.message.AudioFormat;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// Maps one recogniser session to positions of the call: its start, which audio it was sent, and
/// when.
///
/// Keeps at most [#MAX_SENDS] sends; only the latency of older ones is unknown.
final class SessionTimeline {
  static final int MAX_SENDS = 8192;

  /// One send: audio up to `end`.
  ///
  /// @param arrivedMillis when its last byte arrived at ingest
  /// @param sentMillis when it was sent to the recogniser
  record Sent(long end, long arrivedMillis, long sentMillis) {}

  private final AudioFormat format;
  private final long start;
  private final Deque<Sent> sends = new ArrayDeque<>();
  private long sentEnd;
  private boolean unreadable;

  SessionTimeline(AudioFormat format, long start) {
    this.format = format;
    this.start = start;
    this.sentEnd = start;
  }

  void sent(long end, long arrivedMillis, long sentMillis) {
    sentEnd = end;
    if (sends.size() == MAX_SENDS) {
      sends.removeFirst();
    }
    sends.addLast(new Sent(end, arrivedMillis, sentMillis));
  }

  /// The call's position after the last audio that this session was sent.
  long sentEnd() {
    return sentEnd;
  }

  /// A message could not be read.
  void messageUnreadable() {
    unreadable = true;
  }

  /// Whether all audio sent was processed and every result could be read.
  ///
  /// @param audioSeconds how much audio the recogniser reports as processed
  boolean isProcessed(double audioSeconds, Duration tolerance) {
    double sentSeconds = (double) (sentEnd - start) / format.bytesPerSecond();
    return !unreadable && audioSeconds >= sentSeconds - tolerance.toMillis() / 1e3;
  }

  /// The call's position at this second of the session: a whole sample frame, never beyond the
  /// audio sent.
  long position(double sessionSeconds) {
    return Math.min(start + format.toPosition(sessionSeconds), sentEnd);
  }

  /// The send that contained the audio up to this position, or the first later one that is kept.
  Sent sendOf(long position, Sent fallback) {
    for (Sent send : sends) {
      if (send.end() >= position) {
        return send;
      }
    }
    return fallback;
  }

  /// Drops sends whose latency is no longer needed.
  void dropBelow(long position) {
    while (!sends.isEmpty() && sends.getFirst().end() < position) {
      sends.removeFirst();
    }
  }
}
