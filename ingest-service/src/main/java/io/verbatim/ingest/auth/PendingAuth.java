package io.verbatim.ingest.auth;

import io.verbatim.service.Secret;
import java.util.function.Consumer;

/// The pending authentication of a connection: its `start` must contain a token. Confined to the
/// event loop.
public final class PendingAuth {
  /// Limit on what a connection may send before the token.
  private static final int MAX_BYTES = 16 * 1024;

  private final Secret token;
  private final Runnable failed;
  private final Consumer<PendingAuth> settled;
  private Runnable evicted = () -> {};
  private int received;
  private boolean isSettled;

  /// @param failed called for each wrong token
  /// @param settled called once, when the token has arrived or the connection is closed
  public PendingAuth(Secret token, Runnable failed, Consumer<PendingAuth> settled) {
    this.token = token;
    this.failed = failed;
    this.settled = settled;
  }

  /// Counts received bytes. False if the limit is exceeded without the token.
  public boolean receives(int bytes) {
    received = Math.min(received, MAX_BYTES) + bytes;
    return isSettled || received <= MAX_BYTES;
  }

  /// Checks a token. True if it matches, or if an earlier one did.
  public boolean authenticate(String given) {
    if (isSettled) {
      return true;
    }
    if (!token.matches(given)) {
      failed.run();
      return false;
    }
    settle();
    return true;
  }

  /// Ends the wait: the token has arrived, or the connection is closed.
  public void settle() {
    if (!isSettled) {
      isSettled = true;
      settled.accept(this);
    }
  }

  /// Sets the action to run if a newer connection evicts this one.
  public void onEvicted(Runnable action) {
    evicted = action;
  }

  /// Evicts this connection in favour of a newer one.
  public void evict() {
    if (!isSettled) {
      evicted.run();
    }
  }
}
