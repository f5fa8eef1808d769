package io.verbatim.bench.jmh;

import io.verbatim.bench.watchers.NumberedWords;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Encodes a server-sent event from the words of a call. An event is encoded once for all watchers.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SseEncodeBenchmark {
  private static final int WORDS = 18;

  private final CallId call = new CallId("0123456789abcdef0123456789abcdef");
  private final Speech interim = speech(List.of());
  private final TranscriptEntry entry =
      new TranscriptEntry.Final("160000-0", Link.NONE, 10, speech(words()));

  static List<Speech.Word> words() {
    return java.util.stream.IntStream.range(0, WORDS)
        .mapToObj(i -> new Speech.Word("word" + i, i * 50L, i * 50L + 40, 0.97))
        .toList();
  }

  static Speech speech(List<Speech.Word> words) {
    return new Speech(
        "s144000",
        9000,
        10_000,
        NumberedWords.text(123),
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

  /// An interim without a word list.
  @Benchmark
  public SseEvent interim() {
    return TranscriptEvents.interim(call, interim);
  }

  /// A final with 18 words.
  @Benchmark
  public SseEvent finalOfEighteenWords() {
    return TranscriptEvents.entry(call, entry);
  }
}
