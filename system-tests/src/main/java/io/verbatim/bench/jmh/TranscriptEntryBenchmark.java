package io.verbatim.bench.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.redis.TranscriptJson;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Decodes and encodes the words of a transcript entry. Each gateway decodes each entry once.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TranscriptEntryBenchmark {
  private final Speech speech = SseEncodeBenchmark.speech(SseEncodeBenchmark.words());
  private final byte[] data = TranscriptJson.write(speech);

  /// Decodes a final with 18 words.
  @Benchmark
  public Speech decode() {
    return TranscriptJson.speech(new String(data, UTF_8));
  }

  /// Encodes the same final.
  @Benchmark
  public byte[] encode() {
    return TranscriptJson.write(speech);
  }
}
