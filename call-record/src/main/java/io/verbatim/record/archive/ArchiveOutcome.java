package io.verbatim.record.archive;

/// What an attempt to archive a call found.
public enum ArchiveOutcome {
  /// This attempt stored the call.
  ARCHIVED,
  /// The call was stored before.
  KNOWN,
  /// The log holds no finished transcript of the call.
  NOT_ENDED
}
