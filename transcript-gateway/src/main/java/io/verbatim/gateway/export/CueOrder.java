package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Orders the cues of a transcript by their start, page by page. The log orders entries by their
/// end, so a long utterance on one channel follows short ones of the other that began later.
///
/// A cue is returned when no later page has an earlier one. At most 2,000 cues wait for an earlier
/// one: about an hour of speech.
final class CueOrder {

  private static final int MAX_WAITING = 2_000;

  private record Waiting(Cue cue, long number) {}

  private final TranscriptSummary summary;
  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(
          Comparator.<Waiting>comparingLong(cue -> cue.cue().startMs())
              .thenComparingLong(Waiting::number));
  private long added;
  private int page;

  CueOrder(TranscriptSummary summary) {
    this.summary = summary;
  }

  /// Adds the next page. Returns the cues that can be written now.
  List<Cue> add(List<TranscriptEntry> entries) {
    Cue.of(entries).forEach(cue -> waiting.add(new Waiting(cue, added++)));
    long earliest = summary.earliestAfter(page++);
    List<Cue> ready = new ArrayList<>();
    while (!waiting.isEmpty()
        && (waiting.element().cue().startMs() <= earliest || waiting.size() > MAX_WAITING)) {
      ready.add(waiting.remove().cue());
    }
    return ready;
  }
}
