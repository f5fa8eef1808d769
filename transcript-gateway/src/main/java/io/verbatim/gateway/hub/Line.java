package io.verbatim.gateway.hub;

import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;

/// One entry of a transcript, encoded.
///
/// @param position behind it, where a client resumes that was sent this line last
record Line(Position position, SseEvent event) {

  static Line of(CallId call, TranscriptEntry entry) {
    return new Line(Position.behind(entry), TranscriptEvents.entry(call, entry));
  }

  int size() {
    return event.size();
  }
}
