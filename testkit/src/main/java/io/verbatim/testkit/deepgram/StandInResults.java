package io.verbatim.testkit.deepgram;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The messages of the stand-in: the words are the numbers of the frames received.
final class StandInResults {
  static final double FRAME_SECONDS = 0.02;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Messages without results.
  static final List<String> UNUSABLE_MESSAGES =
      List.of("", "nonsense", "[1,2,3]", "{\"type\":42}", "{\"type\":\"SomethingNew\"}");

  /// Invalid or unexpected messages that a client must tolerate.
  static final List<String> INVALID_MESSAGES =
      List.of(
          "",
          "nonsense",
          "[1,2,3]",
          "{\"type\":42}",
          "{\"type\":\"SomethingNew\",\"very\":{\"new\":true}}",
          "{\"type\":\"Results\"}",
          "{\"type\":\"Results\",\"channel_index\":[7,8],\"start\":0,\"duration\":1,"
              + "\"is_final\":true,\"channel\":{\"alternatives\":[{\"transcript\":\"no channel\"}]}}",
          "{\"type\":\"Results\",\"start\":-1,\"duration\":\"x\"}",
          "{\"type\":\"Error\",\"code\":\"SomeCode\",\"description\":\"an error\"}",
          "{\"type\":\"Metadata\",\"request_id\":\"early\",\"duration\":0}");

  private final RecordedSession recorded;
  private final int channels;
  private final boolean onlyLastWord;

  StandInResults(RecordedSession recorded, int channels, boolean onlyLastWord) {
    this.recorded = recorded;
    this.channels = channels;
    this.onlyLastWord = onlyLastWord;
  }

  String metadata(double duration) {
    return JSON.writeValueAsString(
        Map.of(
            "type",
            "Metadata",
            "transaction_key",
            "deprecated",
            "request_id",
            recorded.requestId(),
            "sha256",
            "0".repeat(64),
            "created",
            "2026-01-01T00:00:00.000Z",
            "duration",
            duration,
            "channels",
            channels));
  }

  /// The result of a channel's frames from `from` on, up to and without `to`.
  String result(int channel, int from, int to, boolean isFinal, boolean fromFinalize) {
    ObjectNode message = JSON.createObjectNode();
    message.put("type", "Results");
    message.putArray("channel_index").add(channel).add(channels);
    message.put("start", from * FRAME_SECONDS);
    message.put("duration", (to - from) * FRAME_SECONDS);
    message.put("is_final", isFinal);
    message.put("speech_final", false);
    message.put("from_finalize", fromFinalize);
    alternative(message.putObject("channel").putArray("alternatives"), channel, from, to);
    message.putObject("metadata").put("request_id", recorded.requestId());
    return JSON.writeValueAsString(message);
  }

  private void alternative(ArrayNode alternatives, int channel, int from, int to) {
    StringJoiner transcript = new StringJoiner(" ");
    ObjectNode alternative = alternatives.addObject();
    ArrayNode words = alternative.putArray("words");
    for (int frame = onlyLastWord ? to - 1 : from; frame < to; frame++) {
      int number = recorded.frame(channel, frame);
      if (number >= 0) {
        String word = Integer.toString(number);
        transcript.add(word);
        words
            .addObject()
            .put("word", word)
            .put("punctuated_word", word)
            .put("start", frame * FRAME_SECONDS)
            .put("end", (frame + 1) * FRAME_SECONDS)
            .put("confidence", 0.98);
      }
    }
    alternative.put("transcript", transcript.toString());
    alternative.put("confidence", words.isEmpty() ? 0.0 : 0.98);
  }
}
