package io.verbatim.pubsub.message;

/// A step of one channel's `covered`: from the value that the owner expects to the new value.
public record Coverage(int channel, long from, long to) {
  public Coverage {
    if (to < from) {
      throw new IllegalArgumentException("covered must not move from " + from + " back to " + to);
    }
  }
}
