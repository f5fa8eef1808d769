package io.verbatim.asr.transcript;

import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.service.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/// A transcript log whose answers the test gives, on the event loop.
final class ScriptedTranscriptLog implements TranscriptLog {

  /// A write that waits for its answer.
  record PendingWrite(
      String description, CompletableFuture<WriteResult<Long>> result, EventLoop loop) {
    void written(long covered) {
      answer(new WriteResult.Written<>(covered));
    }

    void answer(WriteResult<Long> answer) {
      loop.execute(() -> result.complete(answer));
    }

    void fail(Exception failure) {
      loop.execute(() -> result.completeExceptionally(failure));
    }
  }

  private final EventLoop loop;

  private final BlockingQueue<PendingWrite> pending = new LinkedBlockingDeque<>(10_000);

  ScriptedTranscriptLog(EventLoop loop) {
    this.loop = loop;
  }

  /// The next write.
  PendingWrite next() throws InterruptedException {
    PendingWrite next = pending.poll(5, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no write within 5 s");
    }
    return next;
  }

  boolean isQuiet() {
    return pending.isEmpty();
  }

  private CompletionStage<WriteResult<Long>> request(String description) {
    CompletableFuture<WriteResult<Long>> answer = new CompletableFuture<>();
    pending.add(new PendingWrite(description, answer, loop));
    return answer;
  }

  @Override
  public CompletionStage<WriteResult<Long>> append(
      CallId call, String owner, Coverage coverage, Speech words) {
    return request("final " + coverage.from() + "-" + coverage.to());
  }

  @Override
  public CompletionStage<WriteResult<Long>> cover(CallId call, String owner, Coverage coverage) {
    return request("silence " + coverage.from() + "-" + coverage.to());
  }

  @Override
  public CompletionStage<WriteResult<Long>> appendGap(
      CallId call, String owner, long from, long to, String reason) {
    return request("gap " + from + "-" + to + " " + reason);
  }

  @Override
  public CompletionStage<WriteResult<Long>> recordSent(CallId call, String owner, long bytes) {
    return request("sent " + bytes);
  }

  @Override
  public CompletionStage<WriteResult<Long>> setInterim(CallId call, String owner, Speech interim) {
    return request("interim " + interim.segment());
  }

  @Override
  public CompletionStage<WriteResult<Long>> setRecognizer(
      CallId call, String owner, RecognizerStatus status) {
    return request("status " + status.state().wireName());
  }

  @Override
  public CompletionStage<WriteResult<Long>> end(
      CallId call, String owner, List<Long> covered, long end, String reason, UncoveredTail tail) {
    return request("end " + end + " " + reason);
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> read(CallId call, String afterId, int limit) {
    throw new UnsupportedOperationException("a writer does not read");
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit) {
    throw new UnsupportedOperationException("a writer does not read");
  }

  @Override
  public CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id) {
    throw new UnsupportedOperationException("a writer does not read");
  }

  @Override
  public TranscriptReader follow(CallId call, String afterId) {
    throw new UnsupportedOperationException("a writer does not read");
  }
}
