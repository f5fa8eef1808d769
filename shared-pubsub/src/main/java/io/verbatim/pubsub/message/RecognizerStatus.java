package io.verbatim.pubsub.message;

import java.util.Locale;

/// How a call's recogniser fares, for the people who watch.
///
/// @param recognizer who is at work, such as `nova-3` or `simulated`; empty before the first
///   session
/// @param reason why, in a few words; empty when all is well
public record RecognizerStatus(State state, String recognizer, String reason) {

  /// The states a watcher is told.
  public enum State {
    CONNECTED,
    RECONNECTING,
    UNAVAILABLE;

    /// `connected`, `reconnecting` or `unavailable`.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
