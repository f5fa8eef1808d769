package io.verbatim.pubsub.message;

/// One entry of a call's durable transcript, in order of [#id].
public sealed interface TranscriptEntry {

  /// The entry's id in the log, `<position>-<n>`.
  String id();

  /// How it is linked to the entry before.
  Link link();

  /// Where a client resumes that was sent this entry last: the id and the line, since another
  /// history of the call may have another entry of that id. Opaque to clients.
  default String cursor() {
    return link().line().isEmpty() ? id() : id() + "." + link().line();
  }

  /// Words that stand.
  ///
  /// @param seq counts the call's finals from 1
  record Final(String id, Link link, long seq, Speech speech) implements TranscriptEntry {}

  /// Audio nobody will transcribe.
  record Gap(String id, Link link, long startMs, long endMs, String reason)
      implements TranscriptEntry {}

  /// The last entry.
  ///
  /// @param complete whether every byte received became words or silence
  record Ended(String id, Link link, String reason, long durationMs, boolean complete)
      implements TranscriptEntry {}
}
