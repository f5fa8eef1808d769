package io.verbatim.pubsub;

import io.verbatim.pubsub.message.TranscriptChange;
import java.util.concurrent.CompletionStage;

/// A reader of one call's transcript, with its position.
public interface TranscriptReader extends AutoCloseable {

  /// Returns the changes. The first request completes at once, even without changes. Each later
  /// request completes when there is a new entry or the live state has changed.
  ///
  /// Survives connection outages; never completes after [#close]. At most 100 entries at a time,
  /// and one request at a time. The live state is read before the entries, so an interim never
  /// disappears before its final is readable. The caller must drop an interim that starts below the
  /// end of its channel's last final, see [CoveredSpeech].
  CompletionStage<TranscriptChange> next();

  @Override
  void close();
}
