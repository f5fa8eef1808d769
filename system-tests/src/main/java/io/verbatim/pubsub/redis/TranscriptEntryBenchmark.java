package io.verbatim.pubsub.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// A transcript entry as Redis returns it: decoded once per entry in each gateway.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TranscriptEntryBenchmark {
  private static final int WORDS = 18;

  private final Speech speech = speech();
  private final Map<String, byte[]> fields =
      Map.of(
          "type",
          "final".getBytes(UTF_8),
          "seq",
          "10".getBytes(UTF_8),
          "data",
          TranscriptJson.write(speech));

  private static Speech speech() {
    List<Speech.Word> words =
        IntStream.range(0, WORDS)
            .mapToObj(i -> new Speech.Word("word" + i, i * 50L, i * 50L + 40, 0.97))
            .toList();
    return new Speech(
        "s144000",
        9000,
        10_000,
        "eighteen words of a caller",
        0.98,
        null,
        0,
        "en",
        words,
        "nova-3",
        420,
        310,
        false);
  }

  /// A final of eighteen words.
  @Benchmark
  public TranscriptEntry decode() {
    return RedisTranscriptLog.decode("160000-0", fields);
  }

  /// The same, written.
  @Benchmark
  public byte[] encode() {
    return TranscriptJson.write(speech);
  }
}
