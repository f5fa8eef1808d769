package io.verbatim.pubsub;

import io.verbatim.pubsub.message.DeadLetter;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Entries nobody could read: a bounded list, oldest out first.
public interface DeadLetters {

  /// Keeps word of an entry that could not be read.
  ///
  /// @param source the stream the entry came from
  /// @param entry its id there
  CompletionStage<Void> add(String source, String entry, String reason);

  /// All of them, newest first.
  CompletionStage<List<DeadLetter>> list();

  /// Answers whether there was one of this id.
  CompletionStage<Boolean> delete(String id);
}
