package io.verbatim.ingest.transcript;

import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;

/// What a caller is told about its call's transcript.
public sealed interface TranscriptMessage {

  /// A final, a gap or the end, in the order of the log.
  record Entry(TranscriptEntry entry) implements TranscriptMessage {}

  /// Replaces the segment's last interim. Without text, the interim has disappeared.
  record Interim(Speech speech) implements TranscriptMessage {}

  /// The state of the recogniser.
  record Status(RecognizerStatus status) implements TranscriptMessage {}

  /// Everything sent so far is invalid; the whole transcript follows.
  record Resync(String reason) implements TranscriptMessage {}
}
