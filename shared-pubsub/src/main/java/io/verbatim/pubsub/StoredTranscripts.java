package io.verbatim.pubsub;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Transcripts that can be read, entry by entry.
public interface StoredTranscripts {

  /// Entries after `afterId`, oldest first; empty if there are none or the call is unknown.
  ///
  /// @param limit how many at most
  CompletionStage<List<TranscriptEntry>> read(CallId call, String afterId, int limit);

  /// The last entries, oldest first; fewer than `limit` if the transcript has no more.
  ///
  /// @param limit how many at most
  CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit);

  /// The entry with this id, `<position>-<n>`; empty if it does not exist.
  CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id);
}
