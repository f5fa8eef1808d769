package io.verbatim.ingest.call;

/// A limit on audio for all calls of this instance together. Confined to the event loop.
///
/// A call may use what the others leave, and its equal share in any case. So no call loses audio to
/// another one while it uses less than its share.
public final class SharedQuota {
  private final long limit;
  private long total;
  private int calls;

  /// @param limit bytes of all calls together
  public SharedQuota(long limit) {
    this.limit = limit;
  }

  /// Bytes that all calls together use.
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

    /// How much the call may use.
    long limit() {
      return Math.max(limit - total + bytes, limit / Math.max(1, calls));
    }

    /// Records how much the call uses.
    void set(long used) {
      if (!closed) {
        long now = Math.min(used, limit());
        total += now - bytes;
        bytes = now;
      }
    }

    /// The call needs no share any more: it is free for others. What the call uses still counts.
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
