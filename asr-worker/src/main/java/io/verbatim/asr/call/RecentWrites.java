package io.verbatim.asr.call;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// What was written of a call of late: a log that has lost its end gets it again, unchanged.
final class RecentWrites {
  /// As much as a failover may lose, and more.
  static final int MOST = 16;

  private final Deque<TranscriptWrite> writes = new ArrayDeque<>();

  void add(TranscriptWrite write) {
    if (writes.size() == MOST) {
      writes.removeFirst();
    }
    writes.addLast(write);
  }

  /// What took the channel from a position to where the next write begins, step by step; empty
  /// where some of it is not remembered, or was no step of this channel alone.
  List<TranscriptWrite> between(int channel, long from, TranscriptWrite next) {
    List<TranscriptWrite> steps = new ArrayList<>();
    long position = from;
    for (TranscriptWrite write : writes) {
      if (write.isStep(channel, position)) {
        steps.add(write);
        position = write.to();
      }
    }
    return next.isStep(channel, position) ? steps : List.of();
  }

  /// What follows is not the continuation of it.
  void forget() {
    writes.clear();
  }
}
