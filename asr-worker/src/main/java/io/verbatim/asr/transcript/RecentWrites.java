package io.verbatim.asr.transcript;

import io.verbatim.asr.transcript.TranscriptWrite.Durable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// A call's last durable writes: a log that lost its end is given them again, unchanged.
final class RecentWrites {
  /// More than a failover loses.
  static final int MAX_WRITES = 16;

  private final Deque<Durable> writes = new ArrayDeque<>();

  void add(Durable write) {
    if (writes.size() == MAX_WRITES) {
      writes.removeFirst();
    }
    writes.addLast(write);
  }

  /// The writes that moved the channel from a position to where the next write starts; empty where
  /// one of them is not remembered, or did not concern this channel alone.
  List<Durable> between(int channel, long from, Durable next) {
    List<Durable> steps = new ArrayList<>();
    long position = from;
    for (Durable write : writes) {
      if (write.continuesFrom(channel, position)) {
        steps.add(write);
        position = write.to();
      }
    }
    return next.continuesFrom(channel, position) ? steps : List.of();
  }

  /// The writes that follow do not continue these.
  void clear() {
    writes.clear();
  }
}
