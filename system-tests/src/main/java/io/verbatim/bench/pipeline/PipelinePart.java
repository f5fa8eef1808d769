package io.verbatim.bench.pipeline;

import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.InstanceLimit;
import io.verbatim.bench.setup.Machine;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.process.ServiceJar;
import java.time.Duration;
import java.util.List;

/// Measures Exotel calls through ingest, worker and gateway, with several numbers of calls.
public final class PipelinePart {
  private static final Duration SETTLE = Duration.ofSeconds(5);

  private final Workspace workspace;
  private final Options options;

  public PipelinePart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
  }

  /// Runs the part. The table reports a failure if a byte, a word or an end is wrong.
  public Table run() {
    Table table =
        new Table(
            "pipeline",
            "Calls",
            "ingest µs/frame",
            "worker µs/frame",
            "gateway µs/frame",
            "Redis µs/frame",
            "All µs/frame",
            "Sent to recogniser, ms: p50 / p99 / p99.9 / max",
            "First second of a call, ms",
            "RSS MB: ingest, worker, gateway",
            "Frames exact",
            "Transcripts exact",
            "Takeovers",
            "Recogniser, generator µs/frame",
            "Frames left late, ms: p99 / max",
            "Other load, cores");
    List<Integer> levels = options.numbers("--calls", List.of(20, 100, 200));
    int most = levels.stream().mapToInt(Integer::intValue).max().orElse(0);
    try (InstanceLimit limit = InstanceLimit.of(options);
        PipelineStack stack =
            new PipelineStack(
                workspace,
                most,
                options.javaOptions(),
                PipelineStack.together(limit),
                options.redisDelay())) {
      stack.run(levels.getFirst(), options.warmup(), 0, Duration.ZERO);
      for (int calls : levels) {
        Machine.awaitQuiet(options, stack.processes());
        PipelineResult result = stack.run(calls, SETTLE, options.windows(), options.window());
        row(table, calls, result);
        if (!result.isSound()) {
          table.failure(calls + " calls are not exact: " + result.summary());
        }
      }
    }
    table.note(
        options.windowsNote()
            + ". The recogniser stand-in sends one final per call and second;"
            + " one watcher per call reads the transcript. One worker has all calls."
            + redisNote());
    return table;
  }

  private String redisNote() {
    Duration delay = options.redisDelay();
    return delay.isZero()
        ? ""
        : " Traffic between the services and Redis is delayed by %s ms in each direction."
            .formatted(Numbers.number(delay.toNanos() / 1e6));
  }

  private static void row(Table table, int calls, PipelineResult result) {
    table.row(
        Integer.toString(calls),
        Numbers.spread(result.cpu(ServiceJar.INGEST.module())),
        Numbers.spread(result.cpu(ServiceJar.WORKER.module())),
        Numbers.spread(result.cpu(ServiceJar.GATEWAY.module())),
        Numbers.spread(result.cpu(PipelineResult.REDIS)),
        Numbers.spread(result.cpu(PipelineResult.ALL)),
        result.flowing.summary(),
        result.opening.summary(),
        resident(result, ServiceJar.INGEST)
            + ", "
            + resident(result, ServiceJar.WORKER)
            + ", "
            + resident(result, ServiceJar.GATEWAY),
        result.received - result.wrong + " of " + result.sent,
        result.exact() + " of " + result.calls,
        Integer.toString(result.takeovers()),
        Numbers.number(Numbers.median(result.cpu(PipelineResult.RECOGNIZER)))
            + ", "
            + Numbers.number(Numbers.median(result.cpu(PipelineResult.GENERATOR))),
        Numbers.percentiles(result.lateness),
        Numbers.spread(result.otherLoad));
  }

  private static String resident(PipelineResult result, ServiceJar kind) {
    return Numbers.mebibytes(result.resident.getOrDefault(kind.module(), 0L));
  }
}
