package io.verbatim.gateway.hub;

import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;

/// One entry of a transcript, encoded.
///
/// @param position after it; a client that was sent this line last resumes there
/// @param appendedMillis the time of its append by the clock of the log's server; 0 if it is not a
///   final, or unknown
/// @param latencyMs from the arrival of its last audio at ingest to its append
record Line(Position position, SseEvent event, long appendedMillis, long latencyMs) {

  static Line of(CallId call, TranscriptEntry entry) {
    Position position = Position.after(entry);
    SseEvent event = TranscriptEvents.entry(call, entry);
    return entry instanceof TranscriptEntry.Final words
        ? new Line(position, event, words.appendedMillis(), words.speech().latencyMs())
        : new Line(position, event, 0, 0);
  }

  int size() {
    return event.size();
  }
}
