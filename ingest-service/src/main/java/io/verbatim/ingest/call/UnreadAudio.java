package io.verbatim.ingest.call;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The audio this instance has in the log that no words cover yet, and the most it may be for all
/// calls together. For use by any thread.
///
/// A call may have what the others leave, and its equal part in any case: so no call loses audio
/// for another's sake while it has less than that.
public final class UnreadAudio {
  private final long most;
  private final AtomicLong total = new AtomicLong();
  private final AtomicInteger calls = new AtomicInteger();

  /// @param most bytes of all calls together
  public UnreadAudio(long most) {
    this.most = most;
  }

  /// Bytes of all calls together, as far as the log's answers tell: of a call nobody hears there
  /// may be less.
  public long bytes() {
    return total.get();
  }

  /// One more call has its part, until it is closed.
  Part join() {
    calls.incrementAndGet();
    return new Part();
  }

  /// One call's part. For one thread at a time.
  final class Part {
    private long bytes;
    private boolean counted = true;
    private boolean closed;

    /// How much of the call may lie in the log.
    long most() {
      return Math.max(most - total.get() + bytes, most / Math.max(1, calls.get()));
    }

    /// So much of the call lies there now.
    void is(long unread) {
      if (!closed) {
        long now = Math.min(unread, most());
        total.addAndGet(now - bytes);
        bytes = now;
      }
    }

    /// The call takes no more audio: its place in the division is free, what it has is still there.
    void leave() {
      if (counted) {
        counted = false;
        calls.decrementAndGet();
      }
    }

    void close() {
      is(0);
      closed = true;
      leave();
    }
  }
}
