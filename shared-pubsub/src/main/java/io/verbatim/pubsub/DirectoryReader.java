package io.verbatim.pubsub;

import io.verbatim.pubsub.message.CallRecord;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// A reader of the directory's changes.
public interface DirectoryReader extends AutoCloseable {

  /// Returns the newest calls with their current state, most recently active first. The first
  /// request completes at once. Each later request completes when a call starts, changes its state,
  /// expires, or is active (at most every 5 s per call).
  ///
  /// Survives connection outages; never completes after [#close]. One request at a time.
  CompletionStage<List<CallRecord>> next();

  @Override
  void close();
}
