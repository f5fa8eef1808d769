package io.verbatim.ingest.call;

import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.BusFullException;
import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.WriteResult;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One call's log with scripted failures. Answers within the request unless [#hold] was called.
public final class ScriptedAudioLog implements AudioLog {
  private final List<AudioAppend> entries = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<CallId, String> writers = new HashMap<>();
  private final Deque<Runnable> held = new ArrayDeque<>();
  private @Nullable CallId open;
  private boolean holding;
  private boolean fenced;
  private boolean endedElsewhere;
  private boolean owned = true;
  private boolean away;
  private int lostAnswers;
  private int announcements;
  private int opens;
  private long tail;
  private long covered;
  private long seq;
  private int partial;
  private int fullFor;
  private int trims;
  private boolean transcriptEnded;
  private boolean endTranscriptOnce;

  @Override
  public CompletionStage<Opening> open(CallStart start, String writer, boolean resume) {
    return answer(() -> {
      if (taken.contains(start.call().value())) {
        return new Opening.Refused(Opening.Reason.ENDED);
      }
      opens++;
      open = start.call();
      writers.put(start.call(), writer);
      return new Opening.Opened(resume, tail, covered, seq, partial);
    });
  }

  @Override
  public CompletionStage<Void> announce(CallId call) {
    announcements++;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<WriteResult<AudioTail>> append(AudioAppend audio) {
    if (fullFor > 0) {
      fullFor--;
      return CompletableFuture.failedFuture(new BusFullException("full", new RuntimeException()));
    }
    return answer(() -> {
      if (endedElsewhere) {
        return new WriteResult.Ended<>();
      }
      if (fenced) {
        return new WriteResult.Fenced<>();
      }
      if (open == null) {
        return new WriteResult.Gone<>();
      }
      if (!audio.writer().equals(writers.get(audio.call()))) {
        return new WriteResult.Fenced<>();
      }
      if (audio.expectedTail() != tail) {
        return new WriteResult.Moved<>(new AudioTail(tail, covered, seq));
      }
      entries.add(audio);
      tail = audio.end();
      seq = audio.seq();
      partial = audio.partialBytes();
      return new WriteResult.Written<>(new AudioTail(tail, covered, seq));
    });
  }

  @Override
  public CompletionStage<Long> trimOldest(CallId call, String writer) {
    trims++;
    return CompletableFuture.completedFuture(1_000L);
  }

  void endTranscript() {
    transcriptEnded = true;
  }

  /// Reports the transcript as ended at the next heartbeat only.
  void endTranscriptOnce() {
    endTranscriptOnce = true;
  }

  private boolean hasEnded() {
    boolean once = endTranscriptOnce;
    endTranscriptOnce = false;
    return once || transcriptEnded;
  }

  /// Fails the next appends because the log is full.
  void full(int appends) {
    fullFor = appends;
  }

  int trims() {
    return trims;
  }

  @Override
  public CompletionStage<WriteResult<AudioTail>> end(
      CallId call, String writer, long expectedTail, long end, String reason) {
    return answer(() -> {
      if (expectedTail != tail) {
        return new WriteResult.Moved<>(new AudioTail(tail, covered, seq));
      }
      ends.add(end + " " + reason);
      return new WriteResult.Written<>(new AudioTail(end, covered, seq));
    });
  }

  @Override
  public CompletionStage<WriteResult<CallProgress>> heartbeat(CallId call, String writer) {
    WriteResult<CallProgress> outcome;
    if (fenced) {
      outcome = new WriteResult.Fenced<>();
    } else if (hasEnded()) {
      outcome = new WriteResult.Ended<>();
    } else if (open == null) {
      outcome = new WriteResult.Gone<>();
    } else if (!writer.equals(writers.get(call))) {
      outcome = new WriteResult.Fenced<>();
    } else {
      outcome = new WriteResult.Written<>(new CallProgress(owned, covered, tail, !ends.isEmpty()));
    }
    return CompletableFuture.completedFuture(outcome);
  }

  /// Executes the request now. Answers it now, later or never.
  private <T> CompletionStage<T> answer(Supplier<T> request) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (away) {
      return CompletableFuture.failedFuture(new BusUnavailableException("away"));
    }
    T outcome = request.get();
    if (lostAnswers > 0) {
      lostAnswers--;
      return CompletableFuture.failedFuture(new BusUnavailableException("no answer"));
    }
    if (holding) {
      held.add(() -> answer.complete(outcome));
    } else {
      answer.complete(outcome);
    }
    return answer;
  }

  /// Executes requests without answering them until [#release].
  public void hold() {
    holding = true;
  }

  public void release() {
    holding = false;
    List<Runnable> due = List.copyOf(held);
    held.clear();
    due.forEach(Runnable::run);
  }

  /// Executes the next requests and loses their answers.
  void loseAnswers(int count) {
    lostAnswers = count;
  }

  public void away(boolean isAway) {
    away = isAway;
  }

  public boolean isAway() {
    return away;
  }

  /// Removes the newest entries, as a failover does.
  void loseTail(int count) {
    for (int i = 0; i < count; i++) {
      entries.removeLast();
    }
    tail = entries.isEmpty() ? 0 : entries.getLast().end();
    seq = entries.isEmpty() ? 0 : entries.getLast().seq();
  }

  /// Removes the call's end.
  void loseEnd() {
    ends.clear();
  }

  /// Removes everything.
  void wipe() {
    entries.clear();
    open = null;
    tail = 0;
    covered = 0;
    seq = 0;
  }

  /// Sets the state left by a writer that died within a frame: the last `partialBytes` stored bytes
  /// belong to the frame after `lastSeq`.
  public void holds(long bytes, long lastSeq, int partialBytes) {
    tail = bytes;
    seq = lastSeq;
    partial = partialBytes;
  }

  void cover(long position) {
    covered = position;
  }

  /// Ends the call as another process does.
  public void endElsewhere() {
    endedElsewhere = true;
  }

  public void fence() {
    fenced = true;
  }

  void owned(boolean isOwned) {
    owned = isOwned;
  }

  /// Marks an id as used.
  void take(String call) {
    taken.add(call);
  }

  List<AudioAppend> entries() {
    return List.copyOf(entries);
  }

  /// `<position> <reason>` of every end.
  public List<String> ends() {
    return List.copyOf(ends);
  }

  int announcements() {
    return announcements;
  }

  int opens() {
    return opens;
  }

  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    entries.forEach(entry -> all.writeBytes(entry.pcm()));
    return all.toByteArray();
  }

  @Override
  public AudioReader read(CallId call, long position) {
    throw new UnsupportedOperationException("this log is for writers");
  }
}
