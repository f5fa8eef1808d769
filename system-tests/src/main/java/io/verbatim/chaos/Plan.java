package io.verbatim.chaos;

import io.verbatim.testkit.deepgram.FrameFormat;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/// The plan of a run.
///
/// @param title for reports
/// @param seed of random faults; 0 for a fixed list
/// @param count the number of faults
/// @param faults the fault with a given number, from 0; deterministic
/// @param overlapping whether a fault may start before the last killed process is replaced
/// @param gapsAllowed whether words may be missing if the call's ledger lists a gap
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
    /// Loses its data if it is killed.
    ORDINARY("no persistence"),
    /// Keeps its data if it is killed.
    DURABLE("append-only, every write"),
    /// A primary with two replicas and three sentinels.
    SENTINEL("a primary, two replicas, three sentinels");

    private final String title;

    Redis(String title) {
      this.title = title;
    }

    /// For reports.
    String title() {
      return title;
    }
  }

  /// The processes.
  ///
  /// @param ingests the number of ingests, which callers use in turn
  /// @param workers the number of workers
  /// @param gateways the number of gateways, which subscribers use in turn
  /// @param restartDelay time from the end of a process to the start of its successor; the start
  ///   uses both cores of the test machine
  record Setup(Redis redis, int ingests, int workers, int gateways, Duration restartDelay) {}

  /// The calls.
  ///
  /// @param lines the number of concurrent calls
  /// @param resuming the number of lines with resuming callers; the others use the Exotel dialect
  /// @param formats the formats of the resuming lines, used in turn
  /// @param callLength the duration of each call
  record Load(int lines, int resuming, List<FrameFormat> formats, Duration callLength) {
    /// Half of the lines resume; all have one channel at 8 kHz.
    static Load phone(int lines, Duration callLength) {
      return new Load(lines, lines / 2, List.of(FrameFormat.PHONE), callLength);
    }

    /// Half of the lines resume, with one or two channels at 8 or 48 kHz.
    static Load mixed(int lines, Duration callLength) {
      return new Load(
          lines,
          lines / 2,
          List.of(
              FrameFormat.pcm16(8000, 2),
              FrameFormat.pcm16(48_000, 1),
              FrameFormat.PHONE,
              FrameFormat.pcm16(48_000, 2)),
          callLength);
    }

    FrameFormat format(int line) {
      return formats.get(line % formats.size());
    }
  }

  /// A fixed list of faults, one at a time.
  static Plan of(String title, List<PlannedFault> faults, Setup setup, Load load) {
    return new Plan(title, 0, faults.size(), faults::get, false, false, setup, load);
  }

  /// The same plan, but words may be missing if the call's ledger lists a gap.
  Plan withGapsAllowed() {
    return new Plan(title, seed, count, faults, overlapping, true, setup, load);
  }

  /// The same plan, but a fault may start before the last killed process is replaced.
  Plan withOverlap() {
    return new Plan(title, seed, count, faults, true, gapsAllowed, setup, load);
  }
}
