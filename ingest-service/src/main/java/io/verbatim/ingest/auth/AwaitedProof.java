package io.verbatim.ingest.auth;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// The proof a socket owes that was let in without one: its `start` must show a token. Not for use
/// by two threads at once.
public final class AwaitedProof {
  /// Of everything a socket may send before it has shown the token.
  private static final int MOST = 16 * 1024;

  private final Secret token;
  private final Runnable failed;
  private final Consumer<AwaitedProof> settled;
  private final CompletableFuture<Void> crowdedOut = new CompletableFuture<>();
  private int received;
  private boolean isSettled;

  /// @param failed told each time something else was shown
  /// @param settled told once, when nothing is owed any more
  public AwaitedProof(Secret token, Runnable failed, Consumer<AwaitedProof> settled) {
    this.token = token;
    this.failed = failed;
    this.settled = settled;
  }

  /// Takes note of what came; false where too much has come without the token.
  public boolean receives(int size) {
    received = Math.min(received, MOST) + size;
    return isSettled || received <= MOST;
  }

  /// Whether this is the token; then nothing is owed any more.
  public boolean isShownBy(String shown) {
    if (!token.matches(shown)) {
      failed.run();
      return false;
    }
    settle();
    return true;
  }

  /// Ends what is owed: the token was shown, or the socket is gone.
  public void settle() {
    if (!isSettled) {
      isSettled = true;
      settled.accept(this);
    }
  }

  /// Another has come, and there is no room for this one: by any thread.
  public void crowdOut() {
    crowdedOut.complete(null);
  }

  /// Completes when there is no room to go on waiting, on the thread of whoever takes the place.
  public CompletionStage<Void> crowdedOut() {
    return crowdedOut;
  }

  /// Whether the token has yet to be shown.
  public boolean isOwed() {
    return !isSettled;
  }
}
