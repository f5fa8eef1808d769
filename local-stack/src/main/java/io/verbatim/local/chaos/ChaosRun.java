package io.verbatim.local.chaos;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.numbers.NumbersRecognizer;
import io.verbatim.local.numbers.Pauses;
import io.verbatim.local.numbers.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// One run, or a part of one: calls follow each other while faults happen, and when the last fault
/// is done the calls end and are judged. All that happens is in the journal.
final class ChaosRun implements AutoCloseable {
  private static final long A_VICTIM_COMES_WITHIN_SECONDS = 180;
  private static final long FAULTS_PASS_WITHIN_SECONDS = 240;
  private static final long BETWEEN_LOOKS_MILLIS = 100;

  private final Plan plan;
  private final Journal journal;
  private final String commit;
  private final NumbersRecognizer recognizer;
  private final Cluster cluster;
  private final FaultInjector faultInjector;
  private final LoadGenerator loadGenerator;
  private final Silences silences;
  private final List<CompletableFuture<Void>> passing = new ArrayList<>();

  /// Starts the system.
  ///
  /// @param roots of the repositories where jars have been built; processes are of each in turn
  ChaosRun(Plan plan, Journal journal, String commit, List<Path> roots, Path logs) {
    this.plan = plan;
    this.journal = journal;
    this.commit = commit;
    LocalKeys keys = new LocalKeys(InstantSource.system());
    Takeovers takeovers = new Takeovers(journal);
    recognizer = new NumbersRecognizer(takeovers::answered);
    cluster = new Cluster(roots, logs, plan, keys, recognizer);
    silences = new Silences(journal);
    loadGenerator = new LoadGenerator(plan, cluster, keys, journal, takeovers, silences);
    faultInjector = new FaultInjector(cluster, recognizer, loadGenerator, takeovers);
  }

  /// Does the faults that are not done yet, as many as there is time for, and sees the calls to
  /// their end.
  ///
  /// @param done by number
  void run(IntPredicate done, Duration time) throws InterruptedException {
    journal.write(new Journal.Begun(Instant.now(), plan.seed(), commit));
    long deadline = System.nanoTime() + time.toNanos();
    try (MemoryWatch memory = new MemoryWatch(cluster);
        BrowserCuts browsers = new BrowserCuts(cluster.gateways())) {
      loadGenerator.begin();
      long last = System.nanoTime();
      for (int number = 0; number < plan.count() && System.nanoTime() < deadline; number++) {
        if (done.test(number)) {
          continue;
        }
        PlannedFault fault = plan.faults().apply(number);
        awaitTurn(last + fault.pause().toNanos());
        strike(fault);
        last = System.nanoTime();
      }
      loadGenerator.finish();
      awaitPassed();
      journal.write(new Journal.BrowsersCut(browsers.connections()));
      memory.most().forEach((what, bytes) -> journal.write(new Journal.Memory(what, bytes)));
    }
    journal.write(new Journal.Ended(Instant.now(), recognizer.wrong()));
  }

  private void awaitTurn(long nanos) throws InterruptedException {
    if (!plan.overlapping()) {
      awaitPassed();
      cluster.awaitWhole();
    }
    Pauses.rest(TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanos - System.nanoTime())));
  }

  private void strike(PlannedFault fault) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(A_VICTIM_COMES_WITHIN_SECONDS);
    Optional<FaultInjector.Done> done = attempt(fault);
    while (done.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("no victim for " + fault + " has come up");
      }
      Pauses.rest(BETWEEN_LOOKS_MILLIS);
      done = attempt(fault);
    }
  }

  private Optional<FaultInjector.Done> attempt(PlannedFault fault) {
    Instant from = Instant.now();
    Optional<FaultInjector.Done> done = faultInjector.strike(fault);
    done.ifPresent(struck -> {
      silences.injected(fault.number());
      tell(fault);
      passing.add(struck.over().whenComplete((_, failure) -> passed(fault, from, struck, failure)));
    });
    return done;
  }

  private void tell(PlannedFault fault) {
    switch (fault.kind()) {
      case INGEST_KILL -> loadGenerator.ingestDies();
      case REDIS_FAILOVER, SENTINEL_FAILOVER, SENTINEL_KILL, SENTINEL_ISOLATE ->
          loadGenerator.redisFallsBack();
      case REDIS_FLUSH -> loadGenerator.redisForgets();
      case REDIS_KILL -> {
        if (plan.setup().redis() == Plan.Redis.ORDINARY) {
          loadGenerator.redisForgets();
        }
      }
      default -> {
        // Nobody's memory is lost.
      }
    }
  }

  private void passed(
      PlannedFault fault, Instant from, FaultInjector.Done done, @Nullable Throwable failure) {
    journal.write(
        new Journal.Struck(fault.number(), fault.kind(), from, Instant.now(), done.victim()));
    if (failure != null) {
      journal.write(
          new Journal.Judged(
              "-", "-", "fault injector", Verdict.NONE, 0, 0, done.victim() + ": " + failure));
    }
  }

  private void awaitPassed() {
    CompletableFuture.allOf(passing.toArray(CompletableFuture[]::new))
        .handle((_, _) -> null)
        .orTimeout(FAULTS_PASS_WITHIN_SECONDS, TimeUnit.SECONDS)
        .join();
    passing.clear();
  }

  @Override
  public void close() {
    loadGenerator.close();
    cluster.close();
    recognizer.close();
  }
}
