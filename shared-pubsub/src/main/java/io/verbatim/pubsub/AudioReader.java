package io.verbatim.pubsub;

import io.verbatim.pubsub.message.AudioSlice;
import java.util.concurrent.CompletionStage;

/// One reader's place in a call's audio.
public interface AudioReader extends AutoCloseable {

  /// The next audio: at least one entry, or the end.
  ///
  /// Completes when there is something, however long that takes and whatever happens to the
  /// connection meanwhile; never completes after [#close]. A slice is bounded at about 256 KiB. One
  /// request at a time; nothing follows the end. The first entry is cut where the reader starts
  /// within it.
  CompletionStage<AudioSlice> next();

  @Override
  void close();
}
