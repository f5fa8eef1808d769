package io.verbatim.pubsub.message;

import java.util.Locale;

/// The state of a call's recogniser, for subscribers.
///
/// @param recognizer the recogniser's name, such as `nova-3` or `simulated`; empty before the first
///   session
/// @param reason the cause in a few words; empty if the state is normal
public record RecognizerStatus(State state, String recognizer, String reason) {

  /// The states that subscribers receive.
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
