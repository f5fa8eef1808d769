package io.verbatim.bench;

import io.verbatim.bench.bus.BusPart;
import io.verbatim.bench.database.DatabasePart;
import io.verbatim.bench.fanout.FanoutPart;
import io.verbatim.bench.fanout.WallPart;
import io.verbatim.bench.ingest.IngestPart;
import io.verbatim.bench.jmh.JmhPart;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.pipeline.FloodPart;
import io.verbatim.bench.pipeline.PipelinePart;
import io.verbatim.bench.recording.RecordingPart;
import io.verbatim.bench.search.SearchPart;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.bench.soak.SoakPart;
import io.verbatim.bench.start.StartPart;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Runs one part of the benchmarks: `./bench <part> [options]`, from the repository's root.
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) {
    try {
      run(Arrays.asList(arguments));
    } catch (BenchException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(1);
    }
    System.exit(0);
  }

  private static void run(List<String> arguments) {
    if (arguments.isEmpty()) {
      throw new BenchException("No part given. See ./bench --help.");
    }
    String part = arguments.getFirst();
    Options options = new Options(arguments.subList(1, arguments.size()));
    Workspace workspace = Workspace.of(Path.of("").toAbsolutePath());
    Table table =
        switch (part) {
          case "ingest" -> new IngestPart(workspace, options).run();
          case "pipeline" -> new PipelinePart(workspace, options).run();
          case "flood" -> new FloodPart(workspace, options).run();
          case "database" -> new DatabasePart(workspace, options).run();
          case "jmh" -> new JmhPart(options).run();
          case "wall" -> new WallPart(workspace, options).run();
          case "bus" -> new BusPart(workspace, options).run();
          case "search" -> new SearchPart(workspace, options).run();
          case "recording" -> new RecordingPart(workspace, options).run();
          case "start" -> new StartPart(workspace, options).run();
          case "soak" -> new SoakPart(workspace, options).run();
          case "fanout" -> new FanoutPart(workspace, options).run();
          default ->
              throw new BenchException("Part \"" + part + "\" is unknown. See ./bench --help.");
        };
    System.out.println();
    System.out.print(table.markdown());
    String heading = "## " + part + options.text("--label").map(label -> ", " + label).orElse("");
    options.table().ifPresent(document -> table.writeInto(document, heading));
    if (table.failed()) {
      throw new BenchException("The run failed; see the notes below the table.");
    }
  }
}
