package io.verbatim.pubsub;

import io.verbatim.pubsub.message.TranscriptChange;
import java.util.concurrent.CompletionStage;

/// One reader's place in a call's transcript.
public interface TranscriptReader extends AutoCloseable {

  /// What is new: the first request is answered at once, also with nothing; every later one when
  /// there is an entry to read or the register has changed.
  ///
  /// Outlives any outage of the connection; never completes after [#close]. At most 100 entries at
  /// a time, and one request at a time. The register is read no later than the entries, so an
  /// interim never vanishes before its final is there; a reader drops an interim that starts below
  /// the end of its channel's last final.
  CompletionStage<TranscriptChange> next();

  @Override
  void close();
}
