package io.verbatim.local;

import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.SpokenWord;
import io.verbatim.local.sample.Utterance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Shows the promise: kills the worker that hears the sample call, in the middle of a sentence.
///
/// @param sample the call that is being played
record KilledWorker(SampleCall sample, Console console) {
  private static final int UTTERANCE = 3;
  private static final int WORD = 8;

  /// Finds out who hears the call, waits for the word, and kills.
  void killInMidSentence(List<WorkerProcess> workers) {
    Utterance utterance = sample.utterances().get(UTTERANCE);
    SpokenWord word = utterance.words().get(WORD);
    long middle = (word.startSample() + word.endSample()) / 2;
    Duration untilThen = Duration.ofMillis(middle * 1000 / SampleCall.RATE_HZ);
    Executor inMidWord =
        CompletableFuture.delayedExecutor(untilThen.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture.anyOf(
            workers.stream().map(WorkerProcess::listening).toArray(CompletableFuture[]::new))
        .thenAcceptAsync(
            owner -> {
              WorkerProcess killed = (WorkerProcess) owner;
              killed.kill();
              console.killed(
                  killed, Utterance.textOf(utterance.words().subList(0, WORD + 1)) + "—");
              tellWhoTakesOver(workers, killed);
            },
            inMidWord);
  }

  private void tellWhoTakesOver(List<WorkerProcess> workers, WorkerProcess killed) {
    long died = System.nanoTime();
    for (WorkerProcess worker : workers) {
      if (worker != killed) {
        worker
            .listening()
            .thenAccept(heir -> console.tookOver(heir, Duration.ofNanos(System.nanoTime() - died)));
      }
    }
  }
}
