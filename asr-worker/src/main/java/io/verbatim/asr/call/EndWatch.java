package io.verbatim.asr.call;

import io.verbatim.asr.recognizer.CloseCause;
import java.time.Duration;

/// Decides when a call that has ended, or that nobody can hear, is given up on: after three
/// sessions that did not reach the end, or a long wait for one.
final class EndWatch {
  private static final int SESSIONS_AT_THE_END = 3;

  private final CallLoop loop;
  private final Duration patience;
  private final Runnable onOverdue;
  private boolean endKnown;
  private boolean givenUp;
  private boolean open;
  private int failures;

  /// @param onOverdue called on the loop each time the patience has passed since the end was known
  EndWatch(CallLoop loop, Duration patience, Runnable onOverdue) {
    this.loop = loop;
    this.patience = patience;
    this.onOverdue = onOverdue;
  }

  /// The call's end has been read; said as often as one likes.
  void endIsKnown() {
    if (!endKnown) {
      endKnown = true;
      waitOn();
    }
  }

  /// Another wait before [#onOverdue] is called again.
  void waitOn() {
    loop.after(patience, onOverdue);
  }

  /// A session is open.
  void opened() {
    open = true;
  }

  /// A session was lost, refused or closed; one that never opened has not failed at the end, it
  /// waits for the next.
  void failed(CloseCause cause) {
    switch (cause) {
      case CloseCause.Unsuitable _ -> givenUp = true;
      case CloseCause.Lost _ -> {
        if (endKnown && open) {
          failures++;
          givenUp |= failures >= SESSIONS_AT_THE_END;
        }
      }
      case CloseCause.Finished _, CloseCause.Denied _, CloseCause.Busy _ -> {}
    }
    open = false;
  }

  void giveUp() {
    givenUp = true;
  }

  /// Whether no further session is tried for this call.
  boolean isGivenUp() {
    return givenUp;
  }
}
