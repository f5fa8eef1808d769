package io.verbatim.record.archive;

import io.verbatim.pubsub.StoredTranscripts;
import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads the transcripts of the log for a thread that may block. No read waits longer than
/// [#TIMEOUT_SECONDS], because a transaction is open meanwhile.
public final class LogPages {

  private static final long TIMEOUT_SECONDS = 5;

  private final StoredTranscripts log;

  public LogPages(StoredTranscripts log) {
    this.log = log;
  }

  /// The line of the transcript's end; empty if the transcript has none.
  Optional<String> endLine(CallId call) {
    return await(log.newest(call, 1)).stream()
        .filter(TranscriptEntry.Ended.class::isInstance)
        .map(ended -> ended.link().line())
        .filter(line -> !line.isEmpty())
        .findFirst();
  }

  /// The entries after a position; empty at the end.
  List<TranscriptEntry> after(CallId call, String id) {
    return await(log.read(call, id, ArchivedTranscript.PAGE));
  }

  /// Whether the log still holds this entry.
  boolean holds(CallId call, TranscriptEntry entry) {
    return await(log.find(call, entry.id())).filter(entry::equals).isPresent();
  }

  /// @throws BusUnavailableException if the log does not answer in time
  static <T> T await(CompletionStage<T> read) {
    try {
      return read.toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new BusUnavailableException("the transcript log did not answer");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new BusUnavailableException("the archiver was stopped");
    }
  }
}
