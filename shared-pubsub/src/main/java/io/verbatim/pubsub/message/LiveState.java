package io.verbatim.pubsub.message;

import java.util.List;
import java.util.Optional;

/// What is replaceable of a call's transcript: the newest interim per channel and the recogniser's
/// state.
///
/// @param interims at most one per channel, in order of channel
/// @param line the line of the transcript's last entry when this state was set; empty where it is
///   not known
public record LiveState(List<Speech> interims, Optional<RecognizerStatus> recognizer, String line) {
  /// Nothing is being said and nothing is known of a recogniser.
  public static final LiveState EMPTY = new LiveState(List.of(), Optional.empty(), "");

  public LiveState {
    interims = List.copyOf(interims);
  }
}
