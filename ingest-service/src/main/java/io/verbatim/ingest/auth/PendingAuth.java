package io.verbatim.ingest.auth;

import java.util.function.Consumer;

/// The authentication that a connection still has to show: its `start` must carry a token. Confined
/// to the event loop.
public final class PendingAuth {
  /// Of everything a connection may send before it has shown the token.
  private static final int MAX_BYTES = 16 * 1024;

  private final Secret token;
  private final Runnable failed;
  private final Consumer<PendingAuth> settled;
  private Runnable evicted = () -> {};
  private int received;
  private boolean isSettled;

  /// @param failed called each time another token was shown
  /// @param settled called once, when nothing is pending any more
  public PendingAuth(Secret token, Runnable failed, Consumer<PendingAuth> settled) {
    this.token = token;
    this.failed = failed;
    this.settled = settled;
  }

  /// Counts what arrived. False where too much has arrived without the token.
  public boolean receives(int bytes) {
    received = Math.min(received, MAX_BYTES) + bytes;
    return isSettled || received <= MAX_BYTES;
  }

  /// Whether this is the token, or has been shown before; then nothing is pending any more.
  public boolean isProvedBy(String shown) {
    if (isSettled) {
      return true;
    }
    if (!token.matches(shown)) {
      failed.run();
      return false;
    }
    settle();
    return true;
  }

  /// Ends the wait: the token was shown, or the connection is gone.
  public void settle() {
    if (!isSettled) {
      isSettled = true;
      settled.accept(this);
    }
  }

  /// Sets what to do when a newer connection takes the place of this one.
  public void onEvicted(Runnable action) {
    evicted = action;
  }

  /// A newer connection takes the place of this one.
  public void evict() {
    if (!isSettled) {
      evicted.run();
    }
  }
}
