package io.verbatim.ingest.call;

/// A limit on the audio in the log that no final covers yet, for all calls of this instance.
/// Confined to the event loop.
///
/// A call may use what the others leave unused, and always its equal share. A call below its share
/// therefore loses no audio to other calls.
public final class BacklogQuota {
  private final long limit;
  private long total;
  private int calls;

  /// @param limit bytes, for all calls together
  public BacklogQuota(long limit) {
    this.limit = limit;
  }

  /// The bytes that all calls use.
  public long bytes() {
    return total;
  }

  /// Adds a call, which has an equal share until it is closed.
  Share join() {
    calls++;
    return new Share();
  }

  /// One call's share.
  final class Share {
    private long bytes;
    private boolean joined = true;
    private boolean closed;

    /// The bytes the call may use.
    long limit() {
      return Math.max(limit - total + bytes, limit / Math.max(1, calls));
    }

    /// Sets the bytes the call uses, up to its limit.
    void set(long used) {
      if (!closed) {
        long counted = Math.min(used, limit());
        total += counted - bytes;
        bytes = counted;
      }
    }

    /// Gives the call's equal share to the others. The bytes the call uses still count.
    void leave() {
      if (joined) {
        joined = false;
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
