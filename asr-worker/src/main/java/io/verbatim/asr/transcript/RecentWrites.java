package io.verbatim.asr.transcript;

import io.verbatim.asr.transcript.TranscriptWrite.Durable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// A call's last durable writes, to repeat them unchanged if the log loses its end.
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

  /// The writes that moved the channel from a position to the start of the next write; empty if one
  /// of them is no longer kept, or did not concern this channel alone.
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

  /// Removes the writes, because the next ones do not continue them.
  void clear() {
    writes.clear();
  }
}
