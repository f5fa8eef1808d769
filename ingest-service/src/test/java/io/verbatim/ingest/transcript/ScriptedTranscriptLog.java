package io.verbatim.ingest.transcript;

import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.LiveState;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A transcript whose reads the test answers: at once, within the call that made the request.
final class ScriptedTranscriptLog implements TranscriptLog {
  private final List<String> followed = new ArrayList<>();
  private final List<TranscriptEntry> stored = new ArrayList<>();
  private @Nullable CompletableFuture<TranscriptChange> request;
  private int requests;
  private boolean away;

  /// Answers the pending read.
  void answer(List<TranscriptEntry> entries, LiveState live) {
    stored.addAll(entries);
    pending().complete(new TranscriptChange(entries, live, true));
  }

  void fail() {
    pending().completeExceptionally(new IllegalStateException("scripted"));
  }

  /// Whether a single entry can be read.
  void away(boolean away) {
    this.away = away;
  }

  /// Forgets every entry.
  void wipe() {
    stored.clear();
  }

  void store(TranscriptEntry entry) {
    stored.add(entry);
  }

  private CompletableFuture<TranscriptChange> pending() {
    CompletableFuture<TranscriptChange> pending = request;
    if (pending == null) {
      throw new AssertionError("no read is pending");
    }
    request = null;
    return pending;
  }

  boolean isRead() {
    return request != null;
  }

  int requests() {
    return requests;
  }

  /// The ids after which readers began.
  List<String> followed() {
    return List.copyOf(followed);
  }

  @Override
  public CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id) {
    return away
        ? CompletableFuture.failedFuture(new IllegalStateException("scripted"))
        : CompletableFuture.completedFuture(
            stored.stream().filter(entry -> entry.id().equals(id)).findFirst());
  }

  @Override
  public TranscriptReader follow(CallId call, String afterId) {
    followed.add(afterId);
    return new TranscriptReader() {
      @Override
      public CompletionStage<TranscriptChange> next() {
        requests++;
        request = new CompletableFuture<>();
        return request;
      }

      @Override
      public void close() {
        request = null;
      }
    };
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> read(CallId call, String afterId, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<WriteResult<Long>> append(
      CallId call, String owner, Coverage coverage, Speech words) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<WriteResult<Long>> cover(CallId call, String owner, Coverage coverage) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<WriteResult<Long>> appendGap(
      CallId call, String owner, long from, long to, String reason) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<WriteResult<Long>> recordSent(CallId call, String owner, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<WriteResult<Long>> setInterim(CallId call, String owner, Speech interim) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<WriteResult<Long>> setRecognizer(
      CallId call, String owner, RecognizerStatus status) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<WriteResult<Long>> end(
      CallId call,
      String owner,
      List<Long> covered,
      long end,
      String reason,
      UncoveredTail uncovered) {
    throw new UnsupportedOperationException();
  }
}
