package io.verbatim.local;

import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.SpokenWord;
import io.verbatim.local.sample.Utterance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Demonstrates a takeover: kills the worker that owns the sample call, in mid-sentence.
///
/// @param sample the call that is being played
record WorkerKillDemo(SampleCall sample, Console console) {
  private static final int UTTERANCE = 3;
  private static final int WORD = 8;

  /// Waits until a worker owns the call and the word is spoken, then kills that worker.
  void killInMidSentence(List<WorkerProcess> workers) {
    Utterance utterance = sample.utterances().get(UTTERANCE);
    SpokenWord word = utterance.words().get(WORD);
    long middle = (word.startSample() + word.endSample()) / 2;
    Duration untilMiddle = Duration.ofMillis(middle * 1000 / SampleCall.RATE_HZ);
    Executor inMidWord =
        CompletableFuture.delayedExecutor(untilMiddle.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture.anyOf(
            workers.stream().map(WorkerProcess::sessionOpened).toArray(CompletableFuture[]::new))
        .thenAcceptAsync(
            owner -> {
              WorkerProcess killed = (WorkerProcess) owner;
              killed.kill();
              console.killed(
                  killed, Utterance.textOf(utterance.words().subList(0, WORD + 1)) + "—");
              reportTakeover(workers, killed);
            },
            inMidWord);
  }

  private void reportTakeover(List<WorkerProcess> workers, WorkerProcess killed) {
    long killedNanos = System.nanoTime();
    for (WorkerProcess worker : workers) {
      if (worker != killed) {
        worker
            .sessionOpened()
            .thenAccept(successor ->
                console.tookOver(successor, Duration.ofNanos(System.nanoTime() - killedNanos)));
      }
    }
  }
}
