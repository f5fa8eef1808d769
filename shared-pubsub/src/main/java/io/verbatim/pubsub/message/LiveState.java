package io.verbatim.pubsub.message;

import java.util.List;
import java.util.Optional;

/// The replaceable part of a call's transcript: the newest interim per channel and the recogniser's
/// state.
///
/// @param interims at most one per channel, in order of channel
/// @param line the line of the transcript's last entry when this state was set; empty if unknown
public record LiveState(List<Speech> interims, Optional<RecognizerStatus> recognizer, String line) {
  /// No interim and no recogniser state.
  public static final LiveState EMPTY = new LiveState(List.of(), Optional.empty(), "");

  public LiveState {
    interims = List.copyOf(interims);
  }
}
