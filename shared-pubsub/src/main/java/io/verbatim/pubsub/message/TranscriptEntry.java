package io.verbatim.pubsub.message;

/// One entry of a call's durable transcript, in order of [#id].
public sealed interface TranscriptEntry {

  /// The entry's id in the log, `<position>-<n>`.
  String id();

  /// The link to the previous entry.
  Link link();

  /// The cursor from which a client resumes after this entry: the id and the line, because another
  /// history of the call may have another entry of that id. Opaque to clients.
  default String cursor() {
    return link().line().isEmpty() ? id() : id() + "." + link().line();
  }

  /// Final words.
  ///
  /// @param seq counts the call's finals from 1
  /// @param appendedMillis the server's time when the entry was appended; 0 if unknown
  record Final(String id, Link link, long seq, Speech speech, long appendedMillis)
      implements TranscriptEntry {

    /// Words whose time of append is unknown.
    public Final(String id, Link link, long seq, Speech speech) {
      this(id, link, seq, speech, 0);
    }
  }

  /// Audio that will never be transcribed.
  record Gap(String id, Link link, long startMs, long endMs, String reason)
      implements TranscriptEntry {}

  /// The last entry.
  ///
  /// @param complete whether every received byte became words or silence
  record Ended(String id, Link link, String reason, long durationMs, boolean complete)
      implements TranscriptEntry {}
}
