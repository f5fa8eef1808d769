package io.verbatim.pubsub;

import io.verbatim.pubsub.message.CallRecord;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// One reader of the directory's changes.
public interface DirectoryReader extends AutoCloseable {

  /// The newest calls as they are now, newest activity first: the first request at once, every
  /// later one when a call has come, changed its state, been active (at most every 5 s per call) or
  /// gone.
  ///
  /// Outlives any outage of the connection; never completes after [#close]. One request at a time.
  CompletionStage<List<CallRecord>> next();

  @Override
  void close();
}
