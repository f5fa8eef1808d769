package io.verbatim.pubsub.message;

import java.util.List;
import java.util.Optional;

/// What is replaceable of a call's transcript: the newest interim per channel and the recogniser's
/// state.
///
/// @param interims at most one per channel, in order of channel
public record Now(List<Speech> interims, Optional<RecognizerStatus> recognizer) {
  /// Nothing is being said and nothing is known of a recogniser.
  public static final Now EMPTY = new Now(List.of(), Optional.empty());

  public Now {
    interims = List.copyOf(interims);
  }
}
