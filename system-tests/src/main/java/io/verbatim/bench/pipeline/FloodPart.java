package io.verbatim.bench.pipeline;

import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.process.ServiceJar;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Runs the same calls twice: without and with a flood of invalid handshakes from another address.
public final class FloodPart {
  private static final long MAX_GROWTH_BYTES = 32L << 20;
  private static final Duration SETTLE = Duration.ofSeconds(5);

  private final Workspace workspace;
  private final Options options;

  public FloodPart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
  }

  /// Runs the part.
  ///
  /// @throws BenchException if a byte or word is wrong, if the flood makes ingest grow by more than
  ///   32 MiB, or if an invalid handshake is accepted
  public Table run() {
    Table table =
        new Table(
            "flood",
            "Handshakes",
            "Sent to recogniser, ms: p50 / p99 / p99.9 / max",
            "ingest µs/frame",
            "ingest RSS MB",
            "Frames exact",
            "Transcripts exact");
    int calls = options.numbers("--calls", List.of(20)).getFirst();
    PipelineResult quiet;
    PipelineResult flooded;
    Map<String, Long> answers;
    try (PipelineStack stack = stack(calls)) {
      quiet = stack.run(calls, SETTLE, options.windows(), options.window());
    }
    try (PipelineStack stack = stack(calls);
        HandshakeFlood flood = new HandshakeFlood(stack.ingestPort(), stack.refusedTokens())) {
      flooded = stack.run(calls, SETTLE, options.windows(), options.window());
      answers = flood.answers();
    }
    row(table, "none", quiet);
    row(table, "flood", flooded);
    long handshakes = answers.values().stream().mapToLong(Long::longValue).sum();
    table.note(
        handshakes
            + " invalid handshakes in about "
            + SETTLE.plus(options.window().multipliedBy(options.windows())).toSeconds()
            + " s, answered "
            + answers
            + ".");
    long growth = resident(flooded) - resident(quiet);
    if (!quiet.isSound() || !flooded.isSound()) {
      throw new BenchException(
          "The results are not exact. Without flood: "
              + quiet.summary()
              + ". With flood: "
              + flooded.summary());
    }
    if (growth > MAX_GROWTH_BYTES || handshakes == 0 || answers.containsKey("101")) {
      throw new BenchException(
          "The flood affected ingest: memory grew by "
              + Numbers.mebibytes(growth)
              + " MB, answers: "
              + answers
              + ".");
    }
    return table;
  }

  private PipelineStack stack(int calls) {
    return new PipelineStack(
        workspace, calls, options.javaOptions(), Map.of(), options.redisDelay());
  }

  private static long resident(PipelineResult result) {
    return result.resident.getOrDefault(ServiceJar.INGEST.module(), 0L);
  }

  private static void row(Table table, String handshakes, PipelineResult result) {
    table.row(
        handshakes,
        result.flowing.summary(),
        Numbers.spread(result.cpu(ServiceJar.INGEST.module())),
        Numbers.mebibytes(resident(result)),
        result.received - result.wrong + " of " + result.sent,
        result.exact() + " of " + result.calls);
  }
}
