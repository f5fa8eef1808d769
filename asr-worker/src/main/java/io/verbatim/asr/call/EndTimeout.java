package io.verbatim.asr.call;

import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.service.EventLoop;
import java.time.Duration;

/// Decides when no further session is tried for a call: after three sessions that did not reach its
/// end, after a long wait for one, or when the recogniser cannot process the call. Confined to the
/// event loop.
final class EndTimeout {
  private static final int MAX_FAILED_SESSIONS = 3;

  private final EventLoop loop;
  private final Duration timeout;
  private final Runnable onTimeout;
  private boolean endKnown;
  private boolean givenUp;
  private boolean open;
  private int failures;

  /// @param onTimeout called on the loop each time the timeout has passed since the end was known
  EndTimeout(EventLoop loop, Duration timeout, Runnable onTimeout) {
    this.loop = loop;
    this.timeout = timeout;
    this.onTimeout = onTimeout;
  }

  /// The call's end has been read; repetitions are ignored.
  void endKnown() {
    if (!endKnown) {
      endKnown = true;
      restart();
    }
  }

  void restart() {
    loop.after(timeout, onTimeout);
  }

  /// A session opened.
  void opened() {
    open = true;
  }

  /// A session was lost, refused or closed. A session that never opened does not count as failed at
  /// the end: the next is tried until the timeout. A session that lost a final does not count
  /// either: `MissingFinals` counts these.
  void failed(CloseCause cause) {
    switch (cause) {
      case CloseCause.Unsuitable _ -> givenUp = true;
      case CloseCause.Lost lost -> {
        if (endKnown && open && lost.reason() != CloseCause.Lost.Reason.FINAL_MISSING) {
          failures++;
          givenUp |= failures >= MAX_FAILED_SESSIONS;
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
