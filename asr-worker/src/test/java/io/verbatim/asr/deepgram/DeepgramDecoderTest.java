package io.verbatim.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.asr.recognizer.Hypothesis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeepgramDecoderTest {
  private final DeepgramDecoder decoder = new DeepgramDecoder();

  @Test
  void final_hasWordsAndTimes() {
    DeepgramMessage.Results results = results("final");

    Hypothesis hypothesis = results.hypothesis();
    assertThat(results.endOfSpeech()).isTrue();
    assertThat(hypothesis.isFinal()).isTrue();
    assertThat(hypothesis.channel()).isZero();
    assertThat(hypothesis.startSeconds()).isEqualTo(5.99);
    assertThat(hypothesis.endSeconds()).isEqualTo(5.99 + 1.98);
    assertThat(hypothesis.text()).isEqualTo("Tell me more about this.");
    assertThat(hypothesis.language()).isEqualTo("en");
    assertThat(hypothesis.words())
        .extracting(Hypothesis.Word::text)
        .containsExactly("Tell", "me", "more", "about", "this.");
    assertThat(hypothesis.words().getFirst())
        .isEqualTo(new Hypothesis.Word("Tell", 6.0699997, 6.3499994, 0.99782443, 1));
  }

  @Test
  void missingFlags_areFalse() {
    DeepgramMessage.Results results = results("interim-without-flags");

    assertThat(results.endOfSpeech()).isFalse();
    assertThat(results.hypothesis().isFinal()).isFalse();
    assertThat(results.hypothesis().channel()).isEqualTo(1);
    assertThat(results.hypothesis().text()).isEmpty();
  }

  @Test
  void resultsWithoutAlternatives_haveNoWords() {
    assertThat(results("results-without-alternatives").hypothesis().text()).isEmpty();
  }

  @Test
  void wordsWithoutTimes_useSegmentTimesAndInvalidOnesAreDropped() {
    Hypothesis hypothesis = results("words-with-holes").hypothesis();

    assertThat(hypothesis.confidence()).isEqualTo(1);
    assertThat(hypothesis.words())
        .containsExactly(
            new Hypothesis.Word("a", 1, 3, 0, null), new Hypothesis.Word("b", 1, 1.5, 0, null));
  }

  @Test
  void everyOtherType_isDecoded() {
    assertThat(decode("metadata")).isEqualTo(new DeepgramMessage.Metadata("8f1e5a4c", 12.5));
    assertThat(decode("utterance-end")).isEqualTo(new DeepgramMessage.UtteranceEnd());
    assertThat(decode("speech-started")).isEqualTo(new DeepgramMessage.SpeechStarted());
    assertThat(decode("error"))
        .isEqualTo(
            new DeepgramMessage.Problem(
                "KeytermsNotSupported", "Keyterms are not supported by this model"));
  }

  @Test
  void unlistedType_isUnknown() {
    assertThat(decode("unknown-type")).isEqualTo(new DeepgramMessage.Unknown("ConfigureSuccess"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nonsense",
        "[1,2]",
        "42",
        "null",
        "\"Results\"",
        "{\"type\":\"Results\"",
        "{\"type\":\"Results\"}",
        "{\"type\":\"Results\",\"start\":-1,\"duration\":1}",
        "{\"type\":\"Results\",\"start\":0,\"duration\":-0.1}",
        "{\"type\":\"Results\",\"start\":0,\"duration\":1e400}",
        "{\"type\":\"Results\",\"start\":0,\"duration\":1,\"channel_index\":[-1,1]}",
        "{\"type\":\"Results\",\"start\":0,\"duration\":1,\"channel_index\":[\"a\",1]}",
        "{\"type\":\"Results\",\"start\":true,\"duration\":{}}"
      })
  void invalidText_isMalformed(String text) {
    assertThat(decoder.decode(text)).isInstanceOf(DeepgramMessage.Malformed.class);
  }

  @Test
  void deepNesting_isMalformed() {
    assertThat(decoder.decode("[".repeat(100_000))).isInstanceOf(DeepgramMessage.Malformed.class);
  }

  @Test
  void damagedMessage_neverThrows() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
    String intact = text("final");
    for (int i = 0; i < 5_000; i++) {
      StringBuilder damaged = new StringBuilder(intact);
      for (int hit = random.nextInt(1, 4); hit > 0; hit--) {
        damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(32, 127));
      }
      if (random.nextInt(4) == 0) {
        damaged.setLength(random.nextInt(damaged.length()));
      }

      assertThat(decoder.decode(damaged.toString())).isNotNull();
    }
  }

  private DeepgramMessage.Results results(String sample) {
    return (DeepgramMessage.Results) decode(sample);
  }

  private DeepgramMessage decode(String sample) {
    return decoder.decode(text(sample));
  }

  private static String text(String sample) {
    String name = "/deepgram/" + sample + ".json";
    try (var in = DeepgramDecoderTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
