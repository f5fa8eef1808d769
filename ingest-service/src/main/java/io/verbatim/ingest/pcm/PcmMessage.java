package io.verbatim.ingest.pcm;

import io.verbatim.ingest.connection.Problem;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import java.util.Optional;
import java.util.OptionalLong;

/// One text frame of a pcm caller.
public sealed interface PcmMessage {

  /// A call begins, or continues after a lost connection.
  ///
  /// @param resumeFrom the number of the first frame the caller has no ack for
  record Start(
      CallId call,
      String tenant,
      AudioFormat format,
      Optional<String> language,
      OptionalLong resumeFrom)
      implements PcmMessage {}

  /// The call is over.
  record Stop() implements PcmMessage {}

  /// A `start` that cannot be accepted.
  record BadStart(Problem problem) implements PcmMessage {}

  /// An event this version does not know.
  record Unknown(String event) implements PcmMessage {}

  /// Not a JSON object with an `event`.
  record Unreadable(String cause) implements PcmMessage {}
}
