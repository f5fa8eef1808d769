package io.verbatim.pubsub.message;

/// One entry of a call's durable transcript, in order of [#id].
public sealed interface TranscriptEntry {

  /// The entry's id in the log, `<position>-<n>`; a place to resume from.
  String id();

  /// Words that stand.
  ///
  /// @param seq counts the call's finals from 1
  record Final(String id, long seq, Speech speech) implements TranscriptEntry {}

  /// Audio nobody will transcribe.
  record Gap(String id, long startMs, long endMs, String reason) implements TranscriptEntry {}

  /// The last entry.
  ///
  /// @param complete whether every byte received became words or silence
  record Ended(String id, String reason, long durationMs, boolean complete)
      implements TranscriptEntry {}
}
