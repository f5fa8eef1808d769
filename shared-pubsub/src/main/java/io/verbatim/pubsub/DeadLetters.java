package io.verbatim.pubsub;

import io.verbatim.pubsub.message.DeadLetter;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Entries that no reader could decode: a bounded list that drops the oldest first.
public interface DeadLetters {

  /// Records an unreadable entry.
  ///
  /// @param source the stream that contains the entry
  /// @param entry the entry's id in that stream
  CompletionStage<Void> add(String source, String entry, String reason);

  /// All dead letters, newest first.
  CompletionStage<List<DeadLetter>> list();

  /// Deletes one dead letter. Returns whether it existed.
  CompletionStage<Boolean> delete(String id);

  /// Deletes all dead letters. Returns how many there were.
  CompletionStage<Long> deleteAll();
}
