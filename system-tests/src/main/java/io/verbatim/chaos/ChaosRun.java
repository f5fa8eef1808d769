package io.verbatim.chaos;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.numbers.Verdict;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.deepgram.SessionPlan;
import io.verbatim.testkit.deepgram.SessionPlan.Pace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// One run, or a part of one: injects faults while calls run. After the last fault the calls end
/// and their transcripts are checked. All results go to the journal.
final class ChaosRun implements AutoCloseable {
  private static final long TARGET_TIMEOUT_SECONDS = 180;
  private static final long FAULT_TIMEOUT_SECONDS = 240;
  private static final long RETRY_MILLIS = 100;
  private static final long CLIENTS_TIMEOUT_SECONDS = 2;
  private static final long CLIENTS_POLL_MILLIS = 20;

  private final Plan plan;
  private final Journal journal;
  private final String commit;
  private final DeepgramStandIn recognizer;
  private final Cluster cluster;
  private final FaultInjector faultInjector;
  private final LoadGenerator loadGenerator;
  private final DeliveryPauses pauses;
  private final List<CompletableFuture<Void>> running = new ArrayList<>();

  /// Starts the system.
  ///
  /// @param roots the checkouts with built jars; processes use them in turn
  ChaosRun(Plan plan, Journal journal, String commit, List<Path> roots, Path logs) {
    this.plan = plan;
    this.journal = journal;
    this.commit = commit;
    LocalKeys keys = new LocalKeys(InstantSource.system());
    Takeovers takeovers = new Takeovers(journal);
    recognizer =
        DeepgramStandIn.endless(takeovers).plan(_ -> SessionPlan.regular().pace(Pace.FAST));
    cluster = new Cluster(roots, logs, plan, keys, recognizer);
    pauses = new DeliveryPauses(journal);
    loadGenerator = new LoadGenerator(plan, cluster, keys, journal, takeovers, pauses);
    faultInjector = new FaultInjector(cluster, recognizer, loadGenerator, takeovers);
  }

  /// Injects the remaining faults until `time` has passed, then waits for the calls to end.
  ///
  /// @param done whether the fault with a given number is done
  void run(IntPredicate done, Duration time) throws InterruptedException {
    journal.write(new Journal.Started(Instant.now(), plan.seed(), commit));
    long deadline = System.nanoTime() + time.toNanos();
    try (MemorySampler memory = new MemorySampler(cluster);
        BrowserCuts browsers = new BrowserCuts(cluster.gateways())) {
      loadGenerator.start();
      long last = System.nanoTime();
      for (int number = 0; number < plan.count() && System.nanoTime() < deadline; number++) {
        if (done.test(number)) {
          continue;
        }
        PlannedFault fault = plan.faults().apply(number);
        awaitTurn(last + fault.pause().toNanos());
        injectWhenPossible(fault);
        if (!plan.overlapping() && fault.kind().isReplacement()) {
          awaitClients(fault);
        }
        last = System.nanoTime();
      }
      loadGenerator.finish();
      awaitFaults();
      journal.write(new Journal.BrowsersCut(browsers.connections()));
      memory.maxima().forEach((name, bytes) -> journal.write(new Journal.Memory(name, bytes)));
    }
    journal.write(new Journal.Ended(Instant.now(), recognizer.violatedSessions()));
  }

  private void awaitTurn(long nanos) throws InterruptedException {
    if (!plan.overlapping()) {
      awaitFaults();
      cluster.awaitReady();
    }
    TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
  }

  /// Waits for the end of a replacement, and then until Redis has one client per instance.
  private void awaitClients(PlannedFault fault) throws InterruptedException {
    awaitFaults();
    cluster.awaitReady();
    long ready = System.nanoTime();
    Map<String, Long> expected = cluster.instances();
    Map<String, Long> clients = cluster.redis().connectionsByName();
    while (!clients.equals(expected)
        && System.nanoTime() - ready < TimeUnit.SECONDS.toNanos(CLIENTS_TIMEOUT_SECONDS)) {
      Thread.sleep(CLIENTS_POLL_MILLIS);
      clients = cluster.redis().connectionsByName();
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ready);
    if (clients.equals(expected)) {
      journal.write(new Journal.ClientsComplete(fault.number(), millis));
    } else {
      journal.write(
          new Journal.Checked(
              "-",
              "-",
              "Redis server",
              Verdict.NONE,
              0,
              0,
              "clients %d ms after %s: %s"
                  .formatted(millis, fault.kind(), clients)
                  .replace(',', ';')));
    }
  }

  private void injectWhenPossible(PlannedFault fault) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TARGET_TIMEOUT_SECONDS);
    Optional<FaultInjector.Injection> done = attempt(fault);
    while (done.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "no target for " + fault + " was available within " + TARGET_TIMEOUT_SECONDS + " s");
      }
      Thread.sleep(RETRY_MILLIS);
      done = attempt(fault);
    }
  }

  private Optional<FaultInjector.Injection> attempt(PlannedFault fault) {
    Instant from = Instant.now();
    Optional<FaultInjector.Injection> done = faultInjector.inject(fault);
    done.ifPresent(injection -> {
      pauses.injected(fault.number());
      announceLoss(fault);
      running.add(
          injection.over().whenComplete((_, failure) -> ended(fault, from, injection, failure)));
    });
    return done;
  }

  /// Informs the load generator about writes or connections that the fault may lose.
  private void announceLoss(PlannedFault fault) {
    switch (fault.kind()) {
      case INGEST_KILL -> loadGenerator.ingestKilled();
      case REDIS_FAILOVER, SENTINEL_FAILOVER, SENTINEL_KILL, SENTINEL_ISOLATE ->
          loadGenerator.redisLostLastWrites();
      case REDIS_FLUSH -> loadGenerator.redisWiped();
      case REDIS_KILL -> {
        if (plan.setup().redis() == Plan.Redis.ORDINARY) {
          loadGenerator.redisWiped();
        }
      }
      default -> {
        // Other faults lose no data.
      }
    }
  }

  private void ended(
      PlannedFault fault, Instant from, FaultInjector.Injection done, @Nullable Throwable failure) {
    journal.write(
        new Journal.Injected(fault.number(), fault.kind(), from, Instant.now(), done.target()));
    if (failure != null) {
      journal.write(
          new Journal.Checked(
              "-", "-", "fault injector", Verdict.NONE, 0, 0, done.target() + ": " + failure));
    }
  }

  private void awaitFaults() {
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
        .handle((_, _) -> null)
        .orTimeout(FAULT_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .join();
    running.clear();
  }

  @Override
  public void close() {
    loadGenerator.close();
    cluster.close();
    recognizer.close();
  }
}
