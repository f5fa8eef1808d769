package io.verbatim.local.chaos;

import io.verbatim.local.numbers.NumberedFormat;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/// What a run is to be.
///
/// @param title for people
/// @param seed that chose the faults; 0 where they are a list
/// @param count of faults
/// @param faults by number, from 0: always the same
/// @param overlapping whether a fault may come before what the last one killed is back
/// @param gapsAllowed whether words may be missing where a call's ledger says so
record Plan(
    String title,
    long seed,
    int count,
    IntFunction<PlannedFault> faults,
    boolean overlapping,
    boolean gapsAllowed,
    Setup setup,
    Load load) {

  /// The Redis.
  enum Redis {
    /// Loses its data when it is killed.
    ORDINARY("keeps nothing"),
    /// Keeps its data when it is killed.
    DURABLE("append-only, every write"),
    /// A primary with a replica and three sentinels.
    SENTINEL("a primary, a replica, three sentinels");

    private final String title;

    Redis(String title) {
      this.title = title;
    }

    /// For people.
    String title() {
      return title;
    }
  }

  /// The processes.
  ///
  /// @param ingests processes that callers go round among
  /// @param workers processes that share the calls
  /// @param gateways processes that watchers go round among
  /// @param vacancy how long the slot of what was killed or ended is empty before a successor
  ///   starts: on the machine that measures, its start takes both cores
  record Setup(Redis redis, int ingests, int workers, int gateways, Duration vacancy) {}

  /// The calls.
  ///
  /// @param lines calls at once
  /// @param resuming how many of the lines resume their call when it is lost; the others are
  ///   Exotel's
  /// @param formats of the resuming lines, counted around
  /// @param callLength of each call
  record Load(int lines, int resuming, List<NumberedFormat> formats, Duration callLength) {
    /// Half of the lines resume, all as a phone sounds.
    static Load phone(int lines, Duration callLength) {
      return new Load(lines, lines / 2, List.of(NumberedFormat.PHONE), callLength);
    }

    /// Half of the lines resume, with one or two channels at 8 or 48 kHz.
    static Load mixed(int lines, Duration callLength) {
      return new Load(
          lines,
          lines / 2,
          List.of(
              new NumberedFormat(8000, 2),
              new NumberedFormat(48_000, 1),
              NumberedFormat.PHONE,
              new NumberedFormat(48_000, 2)),
          callLength);
    }

    NumberedFormat format(int line) {
      return formats.get(line % formats.size());
    }
  }

  /// A fixed list of faults, one at a time.
  static Plan of(String title, List<PlannedFault> faults, Setup setup, Load load) {
    return new Plan(title, 0, faults.size(), faults::get, false, false, setup, load);
  }

  /// The same, where words may be missing if a call's ledger says so.
  Plan withGapsAllowed() {
    return new Plan(title, seed, count, faults, overlapping, true, setup, load);
  }

  /// The same, where a fault may come before what the last one killed is back.
  Plan withOverlap() {
    return new Plan(title, seed, count, faults, true, gapsAllowed, setup, load);
  }
}
