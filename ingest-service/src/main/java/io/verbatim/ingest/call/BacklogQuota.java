package io.verbatim.ingest.call;

/// The audio of this instance that is in the log and that no words cover yet, and its limit for all
/// calls together. Confined to the event loop.
///
/// A call may have what the others leave, and its equal share in any case. So no call loses audio
/// to another one while it has less than its share.
public final class BacklogQuota {
  private final long limit;
  private long total;
  private int calls;

  /// @param limit bytes of all calls together
  public BacklogQuota(long limit) {
    this.limit = limit;
  }

  /// Bytes of all calls together, as far as the log's answers show. A call without a worker may
  /// have less.
  public long bytes() {
    return total;
  }

  /// One more call has its share, until that is closed.
  Share join() {
    calls++;
    return new Share();
  }

  /// One call's share.
  final class Share {
    private long bytes;
    private boolean counted = true;
    private boolean closed;

    /// How much of the call may be in the log.
    long limit() {
      return Math.max(limit - total + bytes, limit / Math.max(1, calls));
    }

    /// Records how much of the call is in the log.
    void set(long backlog) {
      if (!closed) {
        long now = Math.min(backlog, limit());
        total += now - bytes;
        bytes = now;
      }
    }

    /// The call takes no more audio: its share is free for others, its backlog still counts.
    void leave() {
      if (counted) {
        counted = false;
        calls--;
      }
    }

    void close() {
      set(0);
      closed = true;
      leave();
    }
  }
}
