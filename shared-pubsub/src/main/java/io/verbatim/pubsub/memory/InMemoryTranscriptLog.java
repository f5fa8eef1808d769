package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.EntryId;
import io.verbatim.pubsub.message.LiveState;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// The transcript log in memory.
final class InMemoryTranscriptLog implements TranscriptLog {
  private static final int MAX_ENTRIES = 100;

  private final BusThread thread;
  private final Calls calls;

  InMemoryTranscriptLog(BusThread thread, Calls calls) {
    this.thread = thread;
    this.calls = calls;
  }

  @Override
  public CompletionStage<WriteResult<Long>> append(
      CallId id, String owner, Coverage coverage, Speech words) {
    if (coverage.to() == coverage.from()) {
      throw new IllegalArgumentException(
          "the coverage of a final must not be empty: a retry would look like a new write");
    }
    return change(id, call -> call.append(owner, coverage, words));
  }

  @Override
  public CompletionStage<WriteResult<Long>> cover(CallId id, String owner, Coverage coverage) {
    return change(id, call -> call.cover(owner, coverage));
  }

  @Override
  public CompletionStage<WriteResult<Long>> appendGap(
      CallId id, String owner, long from, long to, String reason) {
    return change(id, call -> call.appendGap(owner, from, to, reason));
  }

  @Override
  public CompletionStage<WriteResult<Long>> recordSent(CallId id, String owner, long bytes) {
    return change(id, call -> call.recordSent(owner, bytes));
  }

  @Override
  public CompletionStage<WriteResult<Long>> setInterim(CallId id, String owner, Speech interim) {
    return change(id, call -> call.setInterim(owner, interim));
  }

  @Override
  public CompletionStage<WriteResult<Long>> setRecognizer(
      CallId id, String owner, RecognizerStatus status) {
    return change(id, call -> call.setRecognizer(owner, status))
        .thenApply(outcome -> {
          if (outcome instanceof WriteResult.Written) {
            thread.enqueue(() -> calls.touch(id));
          }
          return outcome;
        });
  }

  @Override
  public CompletionStage<WriteResult<Long>> end(
      CallId id,
      String owner,
      List<Long> covered,
      long end,
      String reason,
      UncoveredTail uncovered) {
    return change(id, call -> call.end(owner, covered, end, reason, uncovered));
  }

  private CompletionStage<WriteResult<Long>> change(
      CallId id, Function<Call, WriteResult<Long>> request) {
    return thread.request(() -> calls.change(id, new WriteResult.Gone<>(), request));
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> read(CallId call, String afterId, int limit) {
    return thread.request(() -> after(call, EntryId.parse(afterId), limit));
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit) {
    return thread.request(
        () -> calls.find(call).map(found -> found.transcript.newest(limit)).orElse(List.of()));
  }

  @Override
  public CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id) {
    EntryId position = EntryId.parse(id);
    return thread.request(() -> calls.find(call).flatMap(found -> found.transcript.find(position)));
  }

  private List<TranscriptEntry> after(CallId call, EntryId id, int limit) {
    return calls.find(call).map(found -> found.transcript.after(id, limit)).orElse(List.of());
  }

  @Override
  public TranscriptReader follow(CallId call, String afterId) {
    return new Reader(call, EntryId.parse(afterId));
  }

  private final class Reader extends PullReader<TranscriptChange> implements TranscriptReader {
    private final CallId call;
    private EntryId position;
    private long seenVersion;
    private boolean first = true;

    Reader(CallId call, EntryId position) {
      super(thread, calls.listeners, call);
      this.call = call;
      this.position = position;
    }

    @Override
    Optional<TranscriptChange> read() {
      Optional<Transcript> transcript = calls.find(call).map(found -> found.transcript);
      boolean changed =
          transcript.filter(t -> t.hasAfter(position) || t.version() != seenVersion).isPresent();
      if (!changed && !first) {
        return Optional.empty();
      }
      first = false;
      return Optional.of(
          transcript
              .map(this::change)
              .orElse(new TranscriptChange(List.of(), LiveState.EMPTY, true)));
    }

    private TranscriptChange change(Transcript transcript) {
      List<TranscriptEntry> entries = transcript.after(position, MAX_ENTRIES);
      if (!entries.isEmpty()) {
        position = EntryId.parse(entries.getLast().id());
      }
      seenVersion = transcript.version();
      return new TranscriptChange(entries, transcript.liveState(), !transcript.hasAfter(position));
    }
  }
}
