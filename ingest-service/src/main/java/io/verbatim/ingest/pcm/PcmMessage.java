package io.verbatim.ingest.pcm;

import io.verbatim.ingest.connection.Problem;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import java.util.Optional;
import java.util.OptionalLong;

/// One text frame of a pcm caller.
public sealed interface PcmMessage {

  /// A call starts, or resumes after a lost connection.
  ///
  /// @param transcripts present if the caller wants the call's words
  /// @param resumeFrom the number of the first frame without an ack
  record Start(
      CallId call,
      String tenant,
      AudioFormat format,
      Optional<String> language,
      Optional<Transcripts> transcripts,
      OptionalLong resumeFrom)
      implements PcmMessage {}

  /// The caller wants the call's words.
  ///
  /// @param from the id of the last entry that it has; empty if it has none
  record Transcripts(Optional<String> from) {}

  /// The call ends.
  record Stop() implements PcmMessage {}

  /// A `start` that cannot be accepted.
  record BadStart(Problem problem) implements PcmMessage {}

  /// An event this version does not know.
  record Unknown(String event) implements PcmMessage {}

  /// Not a JSON object with an `event`.
  record Unreadable(String cause) implements PcmMessage {}
}
