package io.verbatim.local.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Runs with a fixed list of faults, each the proof of one promise.
enum Scenario {
  /// Of two workers, the one that has all twenty calls is killed, asked to end, and paused for 15
  /// s.
  TAKEOVER("Takeover"),
  /// Every worker and every gateway is replaced, one at a time, under twenty calls.
  ROLLING_RESTART("Rolling restart"),
  /// All sessions of the recogniser are cut every five seconds of a one-minute call.
  CUT_SESSIONS("Sessions cut every 5 s"),
  /// Redis stands still for a minute, and is away for a minute, under twenty calls.
  REDIS_AWAY("Redis away for a minute"),
  /// Redis is away for ten minutes, under ten calls.
  REDIS_AWAY_LONG("Redis away for ten minutes"),
  /// Redis lets nobody in, or takes no writes: ingest holds what comes meanwhile.
  REDIS_REFUSES("Redis refuses"),
  /// Redis has no memory left: the oldest audio goes.
  REDIS_FULL("Redis is full"),
  /// Redis forgets everything, again and again.
  REDIS_FORGETS("Redis forgets"),
  /// Redis comes back without its last second, again and again.
  REDIS_FAILOVER("Redis falls back by a second");

  private static final Duration VACANCY = Duration.ofSeconds(4);

  private final String title;

  Scenario(String title) {
    this.title = title;
  }

  /// As the command line has it, such as `rolling-restart`.
  String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Scenario named(String option) {
    return Stream.of(values())
        .filter(scenario -> scenario.optionName().equals(option))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no scenario "
                    + option
                    + ", but "
                    + Stream.of(values()).map(Scenario::optionName).toList()));
  }

  Plan plan() {
    return switch (this) {
      case TAKEOVER ->
          plan(
              Stream.of(
                      faults(8, Fault.WORKER_KILL, 20_000, 0),
                      faults(6, Fault.WORKER_STOP, 20_000, 0),
                      faults(2, Fault.WORKER_PAUSE, 20_000, 15_000))
                  .flatMap(List::stream),
              2,
              20,
              60);
      case ROLLING_RESTART ->
          plan(
              Stream.of(
                      faults(3, Fault.WORKER_STOP, 30_000, 0),
                      faults(2, Fault.GATEWAY_STOP, 10_000, 0))
                  .flatMap(List::stream),
              3,
              20,
              60);
      case CUT_SESSIONS ->
          new Plan(
              title,
              0,
              11,
              number ->
                  new PlannedFault(
                      number, Fault.RECOGNIZER_CUT, Duration.ofSeconds(5), 0, Duration.ZERO),
              true,
              true,
              false,
              1,
              1,
              1,
              0,
              Duration.ofMinutes(1),
              Duration.ZERO);
      case REDIS_AWAY ->
          withGaps(
              plan(
                  Stream.of(
                          faults(1, Fault.REDIS_PAUSE, 40_000, 60_000),
                          faults(1, Fault.REDIS_KILL, 100_000, 60_000))
                      .flatMap(List::stream),
                  3,
                  20,
                  250));
      case REDIS_AWAY_LONG ->
          withGaps(plan(faults(1, Fault.REDIS_KILL, 20_000, 600_000).stream(), 3, 10, 700));
      case REDIS_REFUSES ->
          plan(
              Stream.of(
                      faults(3, Fault.REDIS_CLIENTS, 8_000, 5_000),
                      faults(3, Fault.REDIS_READONLY, 8_000, 5_000))
                  .flatMap(List::stream),
              3,
              10,
              40);
      case REDIS_FULL ->
          withGaps(plan(faults(3, Fault.REDIS_MEMORY, 8_000, 5_000).stream(), 3, 10, 40));
      case REDIS_FORGETS ->
          withGaps(plan(faults(6, Fault.REDIS_FLUSH, 8_000, 0).stream(), 3, 10, 40));
      case REDIS_FAILOVER ->
          plan(faults(10, Fault.REDIS_FAILOVER, 6_000, 1_000).stream(), 3, 10, 40);
    };
  }

  private static List<PlannedFault> faults(
      int count, Fault kind, int pauseMillis, int lastingMillis) {
    List<PlannedFault> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      faults.add(
          new PlannedFault(
              i, kind, Duration.ofMillis(pauseMillis), i, Duration.ofMillis(lastingMillis)));
    }
    return faults;
  }

  /// One fault at a time, on a Redis that keeps its data.
  private Plan plan(Stream<PlannedFault> faults, int workers, int lines, int callSeconds) {
    List<PlannedFault> list = faults.toList();
    return new Plan(
        title,
        0,
        list.size(),
        number -> {
          PlannedFault fault = list.get(number);
          return new PlannedFault(
              number, fault.kind(), fault.pause(), fault.victim(), fault.lasting());
        },
        false,
        true,
        false,
        workers,
        2,
        lines,
        lines / 2,
        Duration.ofSeconds(callSeconds),
        VACANCY);
  }

  private static Plan withGaps(Plan plan) {
    return new Plan(
        plan.title(),
        plan.seed(),
        plan.count(),
        plan.faults(),
        plan.overlapping(),
        plan.durable(),
        true,
        plan.workers(),
        plan.gateways(),
        plan.lines(),
        plan.resuming(),
        plan.callLength(),
        plan.vacancy());
  }
}
