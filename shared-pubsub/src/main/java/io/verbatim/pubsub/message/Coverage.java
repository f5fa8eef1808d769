package io.verbatim.pubsub.message;

/// A step of one channel's `covered`: from where the owner believes it stands to where it goes.
public record Coverage(int channel, long from, long to) {
  public Coverage {
    if (to < from) {
      throw new IllegalArgumentException("covered only moves forward");
    }
  }
}
