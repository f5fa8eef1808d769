package io.verbatim.pubsub.memory;

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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// The transcript port.
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
          "words cover audio: without a step a retry could not be told from news");
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
  public CompletionStage<WriteResult<Long>> noteSent(CallId id, String owner, long bytes) {
    return change(id, call -> call.noteSent(owner, bytes));
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
            thread.callBack(() -> calls.touch(id));
          }
          return outcome;
        });
  }

  @Override
  public CompletionStage<WriteResult<Long>> end(
      CallId id, String owner, List<Long> covered, long end, String reason, UncoveredTail rest) {
    return change(id, call -> call.end(owner, covered, end, reason, rest));
  }

  private CompletionStage<WriteResult<Long>> change(
      CallId id, Function<Call, WriteResult<Long>> request) {
    return thread.ask(() -> calls.change(id, new WriteResult.Gone<>(), request));
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> read(CallId call, String afterId, int limit) {
    return thread.ask(() -> after(call, EntryId.parse(afterId), limit));
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit) {
    return thread.ask(
        () -> calls.find(call).map(found -> found.transcript.newest(limit)).orElse(List.of()));
  }

  @Override
  public CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id) {
    EntryId place = EntryId.parse(id);
    return thread.ask(() -> calls.find(call).flatMap(found -> found.transcript.find(place)));
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
    private EntryId place;
    private long seenVersion;
    private boolean first = true;

    Reader(CallId call, EntryId place) {
      super(thread, calls.bells, call);
      this.call = call;
      this.place = place;
    }

    @Override
    Optional<TranscriptChange> look() {
      Optional<Transcript> transcript = calls.find(call).map(found -> found.transcript);
      boolean news =
          transcript.filter(t -> t.hasAfter(place) || t.version() != seenVersion).isPresent();
      if (!news && !first) {
        return Optional.empty();
      }
      first = false;
      return Optional.of(
          transcript
              .map(this::change)
              .orElse(new TranscriptChange(List.of(), LiveState.EMPTY, true)));
    }

    private TranscriptChange change(Transcript transcript) {
      List<TranscriptEntry> entries = transcript.after(place, MAX_ENTRIES);
      if (!entries.isEmpty()) {
        place = EntryId.parse(entries.getLast().id());
      }
      seenVersion = transcript.version();
      return new TranscriptChange(entries, transcript.now(), !transcript.hasAfter(place));
    }
  }
}
