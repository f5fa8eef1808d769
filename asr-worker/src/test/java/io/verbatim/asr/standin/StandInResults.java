package io.verbatim.asr.standin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The texts the stand-in says: the words are the numbers of the frames heard.
final class StandInResults {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final double FRAME_SECONDS = 0.02;

  /// Texts without any meaning.
  static final List<String> GIBBERISH =
      List.of("", "nonsense", "[1,2,3]", "{\"type\":42}", "{\"type\":\"SomethingNew\"}");

  /// Things a client must live through.
  static final List<String> NONSENSE =
      List.of(
          "",
          "nonsense",
          "[1,2,3]",
          "{\"type\":42}",
          "{\"type\":\"SomethingNew\",\"very\":{\"new\":true}}",
          "{\"type\":\"Results\"}",
          "{\"type\":\"Results\",\"channel_index\":[7,8],\"start\":0,\"duration\":1,"
              + "\"is_final\":true,\"channel\":{\"alternatives\":[{\"transcript\":\"nobody\"}]}}",
          "{\"type\":\"Results\",\"start\":-1,\"duration\":\"x\"}",
          "{\"type\":\"Error\",\"code\":\"SomeCode\",\"description\":\"a complaint\"}",
          "{\"type\":\"Metadata\",\"request_id\":\"early\",\"duration\":0}");

  private final HeardSession heard;
  private final int channels;

  StandInResults(HeardSession heard, int channels) {
    this.heard = heard;
    this.channels = channels;
  }

  List<String> interims(int from, int to) {
    return results(from, to, false, false);
  }

  List<String> finals(int from, int to, boolean asked) {
    return results(from, to, true, asked);
  }

  String metadata(double duration) {
    return JSON.writeValueAsString(
        Map.of(
            "type",
            "Metadata",
            "transaction_key",
            "deprecated",
            "request_id",
            heard.requestId(),
            "sha256",
            "0".repeat(64),
            "created",
            "2026-01-01T00:00:00.000Z",
            "duration",
            duration,
            "channels",
            channels));
  }

  private List<String> results(int from, int to, boolean isFinal, boolean asked) {
    List<String> said = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      ObjectNode message = JSON.createObjectNode();
      message.put("type", "Results");
      message.putArray("channel_index").add(channel).add(channels);
      message.put("start", from * FRAME_SECONDS);
      message.put("duration", (to - from) * FRAME_SECONDS);
      message.put("is_final", isFinal);
      message.put("speech_final", false);
      message.put("from_finalize", asked);
      alternative(message.putObject("channel").putArray("alternatives"), channel, from, to);
      message.putObject("metadata").put("request_id", heard.requestId());
      said.add(JSON.writeValueAsString(message));
    }
    return said;
  }

  private void alternative(ArrayNode alternatives, int channel, int from, int to) {
    List<Integer> numbers = heard.frames(channel).subList(from, to);
    StringJoiner transcript = new StringJoiner(" ");
    ObjectNode alternative = alternatives.addObject();
    ArrayNode words = alternative.putArray("words");
    for (int i = 0; i < numbers.size(); i++) {
      if (numbers.get(i) >= 0) {
        String word = Integer.toString(numbers.get(i));
        transcript.add(word);
        words
            .addObject()
            .put("word", word)
            .put("punctuated_word", word)
            .put("start", (from + i) * FRAME_SECONDS)
            .put("end", (from + i + 1) * FRAME_SECONDS)
            .put("confidence", 0.98);
      }
    }
    alternative.put("transcript", transcript.toString());
    alternative.put("confidence", words.isEmpty() ? 0.0 : 0.98);
  }
}
