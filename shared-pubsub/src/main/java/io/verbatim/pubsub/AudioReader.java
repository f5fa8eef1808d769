package io.verbatim.pubsub;

import io.verbatim.pubsub.message.AudioSlice;
import java.util.concurrent.CompletionStage;

/// A reader of one call's audio, with its position.
public interface AudioReader extends AutoCloseable {

  /// Returns the next audio: at least one entry, or the end.
  ///
  /// Completes when audio is available, also after a reconnect; never completes after [#close]. A
  /// slice holds at most about 256 KiB. One request at a time; nothing follows the end. If the
  /// position is inside an entry, the first entry is cut to start there.
  CompletionStage<AudioSlice> next();

  @Override
  void close();
}
