package io.verbatim.chaos;

import io.verbatim.chaos.Plan.Load;
import io.verbatim.chaos.Plan.Setup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/// Runs with a fixed list of faults. Each verifies one guarantee.
enum Scenario {
  /// Of two workers, the one with all twenty calls is killed, stopped, and paused for 15 s.
  TAKEOVER("Takeover"),
  /// Every worker and every gateway is replaced, one at a time, under twenty calls.
  ROLLING_RESTART("Rolling restart"),
  /// Every worker, gateway and ingest is replaced. With `--previous DIR`, each successor runs the
  /// jars of the other checkout.
  ROLLING_UPGRADE("Rolling upgrade"),
  /// Every process of a deployment with two of each service is replaced, twice, in a random order,
  /// under twenty calls.
  DEPLOY("Deploy"),
  /// All recogniser sessions are dropped every five seconds of a one-minute call.
  CUT_SESSIONS("Sessions cut every 5 s"),
  /// The connections to Redis freeze: of one service after another, and of all at the same time.
  FROZEN_REDIS("Frozen connections to Redis"),
  /// Redis is paused for a minute, then down for a minute, under twenty calls.
  REDIS_AWAY("Redis away for a minute"),
  /// Redis is down for ten minutes, under ten calls.
  REDIS_AWAY_LONG("Redis away for ten minutes"),
  /// Redis rejects connections or writes: ingest buffers the audio.
  REDIS_REFUSES("Redis refuses"),
  /// The disk of Redis is full: it rejects writes.
  DISK_FULL("The disk is full"),
  /// Redis has no memory left: the oldest audio is trimmed.
  REDIS_FULL("Redis is full"),
  /// Redis is flushed every six seconds, twenty times.
  REDIS_FORGETS("Redis forgets"),
  /// The sentinels promote a replica: on request, after a kill of the primary, or while the primary
  /// is isolated and accepts writes for some time. Requires services that support
  /// `redis-sentinel://`.
  REDIS_SENTINEL("Redis Sentinel fails over"),
  /// Redis restarts repeatedly without its last second of writes.
  REDIS_FAILOVER("Redis falls back by a second");

  private static final long SEED = 1;
  private static final Duration RESTART_DELAY = Duration.ofSeconds(4);

  private final String title;

  Scenario(String title) {
    this.title = title;
  }

  /// The name on the command line, such as `rolling-restart`.
  String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Scenario named(String option) {
    return Stream.of(values())
        .filter(scenario -> scenario.optionName().equals(option))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown scenario "
                    + option
                    + "; use one of "
                    + Stream.of(values()).map(Scenario::optionName).toList()));
  }

  Plan plan() {
    return switch (this) {
      case TAKEOVER ->
          plan(
              2,
              20,
              60,
              faults(8, Fault.WORKER_KILL, 20_000, 0),
              faults(6, Fault.WORKER_STOP, 20_000, 0),
              faults(2, Fault.WORKER_PAUSE, 20_000, 15_000));
      case ROLLING_RESTART ->
          plan(
              3,
              20,
              60,
              faults(3, Fault.WORKER_STOP, 30_000, 0),
              faults(2, Fault.GATEWAY_STOP, 10_000, 0));
      case ROLLING_UPGRADE ->
          plan(
              3,
              10,
              40,
              faults(6, Fault.WORKER_STOP, 12_000, 0),
              faults(4, Fault.GATEWAY_STOP, 10_000, 0),
              faults(4, Fault.INGEST_STOP, 12_000, 0));
      case DEPLOY -> deploy(2, 2, 20, Duration.ofSeconds(20), Duration.ofSeconds(5));
      case CUT_SESSIONS ->
          Plan.of(
                  title,
                  faults(11, Fault.RECOGNIZER_CUT, 5_000, 0),
                  new Setup(Plan.Redis.DURABLE, 1, 1, 1, Duration.ZERO),
                  Load.phone(1, Duration.ofMinutes(1)))
              .withOverlap();
      case FROZEN_REDIS ->
          plan(
              3,
              10,
              40,
              faults(12, Fault.REDIS_FREEZE, 12_000, 0),
              faults(4, Fault.REDIS_FREEZE_ALL, 15_000, 0));
      case REDIS_AWAY ->
          plan(
                  3,
                  20,
                  250,
                  faults(1, Fault.REDIS_PAUSE, 40_000, 60_000),
                  faults(1, Fault.REDIS_KILL, 100_000, 60_000))
              .withGapsAllowed();
      case REDIS_AWAY_LONG ->
          plan(3, 10, 700, faults(1, Fault.REDIS_KILL, 20_000, 600_000)).withGapsAllowed();
      case REDIS_REFUSES ->
          plan(
              3,
              10,
              40,
              faults(3, Fault.REDIS_CLIENTS, 8_000, 5_000),
              faults(3, Fault.REDIS_READONLY, 8_000, 5_000),
              faults(3, Fault.REDIS_REPLICAS, 8_000, 5_000));
      case DISK_FULL -> plan(3, 10, 40, faults(5, Fault.REDIS_DISK, 8_000, 5_000));
      case REDIS_FULL ->
          plan(3, 10, 40, faults(3, Fault.REDIS_MEMORY, 8_000, 5_000)).withGapsAllowed();
      case REDIS_FORGETS ->
          plan(3, 10, 40, faults(20, Fault.REDIS_FLUSH, 6_000, 0)).withGapsAllowed();
      case REDIS_SENTINEL ->
          plan(
              Plan.Redis.SENTINEL,
              3,
              10,
              60,
              faults(8, Fault.SENTINEL_FAILOVER, 15_000, 0),
              faults(6, Fault.SENTINEL_KILL, 15_000, 0),
              faults(6, Fault.SENTINEL_ISOLATE, 20_000, 0));
      case REDIS_FAILOVER -> plan(3, 10, 40, faults(10, Fault.REDIS_FAILOVER, 6_000, 1_000));
    };
  }

  /// Replaces processes of two ingests, two workers and two gateways, one after another.
  ///
  /// @param each how many of the two processes of each service a round replaces
  /// @param callLength less than the `DRAIN_TIMEOUT` of ingest, because a caller of Exotel cannot
  ///   resume
  static Plan deploy(int rounds, int each, int lines, Duration callLength, Duration pause) {
    Random random = new Random(SEED);
    List<PlannedFault> faults = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<PlannedFault> some = new ArrayList<>();
      for (Fault kind : List.of(Fault.WORKER_STOP, Fault.GATEWAY_STOP, Fault.INGEST_STOP)) {
        for (int target = 0; target < each; target++) {
          some.add(new PlannedFault(0, kind, pause, target, Duration.ZERO));
        }
      }
      Collections.shuffle(some, random);
      some.forEach(fault -> faults.add(fault.withNumber(faults.size())));
    }
    return Plan.of(
        DEPLOY.title,
        faults,
        new Setup(Plan.Redis.DURABLE, 2, 2, 2, Duration.ZERO),
        Load.phone(lines, callLength));
  }

  private static List<PlannedFault> faults(
      int count, Fault kind, int pauseMillis, int durationMillis) {
    List<PlannedFault> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      faults.add(
          new PlannedFault(
              i, kind, Duration.ofMillis(pauseMillis), i, Duration.ofMillis(durationMillis)));
    }
    return faults;
  }

  /// One fault at a time, on a Redis that keeps its data.
  @SafeVarargs
  private Plan plan(int workers, int lines, int callSeconds, List<PlannedFault>... faults) {
    return plan(Plan.Redis.DURABLE, workers, lines, callSeconds, faults);
  }

  @SafeVarargs
  private Plan plan(
      Plan.Redis redis, int workers, int lines, int callSeconds, List<PlannedFault>... faults) {
    List<PlannedFault> numbered = new ArrayList<>();
    for (List<PlannedFault> some : faults) {
      some.forEach(fault -> numbered.add(fault.withNumber(numbered.size())));
    }
    return Plan.of(
        title,
        numbered,
        new Setup(redis, 1, workers, 2, RESTART_DELAY),
        Load.phone(lines, Duration.ofSeconds(callSeconds)));
  }
}
