package io.verbatim.asr.deepgram;

import io.verbatim.asr.recognizer.Hypothesis;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Decodes the server's texts. Every input results in a message, never in an exception.
final class DeepgramDecoder {
  private static final int MAX_QUOTE = 40;

  /// A final covers seconds of audio, so more words than these cannot be speech.
  private static final int MAX_WORDS = 1000;

  private static final int MAX_TRANSCRIPT = 64 * 1024;

  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(64)
          .maxTokenCount(32_000)
          .maxNumberLength(100)
          .maxNameLength(256)
          .build();

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(LIMITS)
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .build())
          .build();

  DeepgramMessage decode(String text) {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JacksonException e) {
      return new DeepgramMessage.Malformed("not JSON");
    }
    if (!node.isObject()) {
      return new DeepgramMessage.Malformed("not an object");
    }
    return switch (text(node, "type")) {
      case "Results" -> results(node);
      case "Metadata" ->
          new DeepgramMessage.Metadata(text(node, "request_id"), number(node, "duration", 0));
      case "SpeechStarted" -> new DeepgramMessage.SpeechStarted();
      case "UtteranceEnd" -> new DeepgramMessage.UtteranceEnd();
      case "Error" -> problem(node);
      case String other -> new DeepgramMessage.Unknown(cut(other));
    };
  }

  private static DeepgramMessage results(JsonNode node) {
    double start = number(node, "start", Double.NaN);
    double duration = number(node, "duration", Double.NaN);
    int channel = channel(node.path("channel_index"));
    if (!isTime(start) || !isTime(duration)) {
      return new DeepgramMessage.Malformed("Results without start and duration");
    }
    if (channel < 0) {
      return new DeepgramMessage.Malformed("Results with an invalid channel");
    }
    JsonNode best = node.path("channel").path("alternatives").path(0);
    String transcript = text(best, "transcript").strip();
    if (transcript.length() > MAX_TRANSCRIPT || best.path("words").size() > MAX_WORDS) {
      return new DeepgramMessage.Malformed("Results with too many words");
    }
    Hypothesis hypothesis =
        new Hypothesis(
            channel,
            start,
            start + duration,
            transcript,
            confidence(best),
            words(best.path("words"), start, start + duration),
            language(best),
            node.path("is_final").asBoolean(false));
    return new DeepgramMessage.Results(hypothesis, node.path("speech_final").asBoolean(false));
  }

  private static List<Hypothesis.Word> words(JsonNode words, double start, double end) {
    List<Hypothesis.Word> read = new ArrayList<>(words.size());
    for (JsonNode word : words) {
      String display = text(word, "punctuated_word");
      if (display.isBlank()) {
        display = text(word, "word");
      }
      double from = number(word, "start", start);
      double to = number(word, "end", end);
      if (!display.isBlank() && isTime(from) && isTime(to) && to >= from) {
        read.add(new Hypothesis.Word(display, from, to, confidence(word), speaker(word)));
      }
    }
    return read;
  }

  private static DeepgramMessage problem(JsonNode node) {
    String code = text(node, "code");
    String description = text(node, "description");
    return new DeepgramMessage.Problem(
        cut(code.isEmpty() ? text(node, "variant") : code),
        cut(description.isEmpty() ? text(node, "message") : description));
  }

  private static @Nullable Integer speaker(JsonNode word) {
    JsonNode speaker = word.path("speaker");
    return speaker.isIntegralNumber() && speaker.canConvertToInt() ? speaker.intValue() : null;
  }

  private static @Nullable String language(JsonNode alternative) {
    String language = text(alternative.path("languages"), 0);
    return language.isEmpty() ? null : cut(language);
  }

  /// The first number of `[channel, total]`; -1 if it is invalid.
  private static int channel(JsonNode channel) {
    JsonNode index = channel.isArray() ? channel.path(0) : channel;
    if (index.isMissingNode()) {
      return 0;
    }
    return index.isIntegralNumber() && index.canConvertToInt() ? index.intValue() : -1;
  }

  private static double confidence(JsonNode node) {
    return Math.clamp(number(node, "confidence", 0), 0, 1);
  }

  private static boolean isTime(double seconds) {
    return seconds >= 0 && seconds < 1e9;
  }

  private static double number(JsonNode node, String field, double fallback) {
    JsonNode value = node.path(field);
    return value.isNumber() && Double.isFinite(value.doubleValue())
        ? value.doubleValue()
        : fallback;
  }

  private static String text(JsonNode node, String field) {
    return text(node.path(field));
  }

  private static String text(JsonNode node, int index) {
    return text(node.path(index));
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.stringValue() : "";
  }

  private static String cut(String peersText) {
    return peersText
        .substring(0, Math.min(peersText.length(), MAX_QUOTE))
        .replaceAll("\\p{Cntrl}", " ");
  }
}
