package io.verbatim.local.deepgram;

import io.verbatim.local.deepgram.Hearing.Heard;
import io.verbatim.local.deepgram.Hearing.Segment;
import io.verbatim.local.sample.SpokenWord;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes what a session says as Deepgram's JSON; positions become seconds.
///
/// @param requestId the session's name, as in the `dg-request-id` of its handshake
record ServerMessages(String requestId, LiveOptions options) {
  /// The name of the model, by which a reader knows that no real recogniser was at work.
  static final String MODEL = "simulated";

  private static final String MODEL_UUID = "00000000-0000-4000-8000-000000000000";
  private static final JsonMapper JSON = JsonMapper.shared();

  String results(Segment segment, int channel) {
    ObjectNode message = JSON.createObjectNode().put("type", "Results");
    message.putArray("channel_index").add(channel).add(options.separateChannels());
    message.put("duration", seconds(segment.end() - segment.start()));
    message.put("start", seconds(segment.start()));
    message.put("is_final", segment.isFinal());
    message.put("speech_final", segment.speechFinal());
    ObjectNode alternative = message.putObject("channel").putArray("alternatives").addObject();
    alternative.put("transcript", segment.transcript());
    alternative.put(
        "confidence",
        segment.words().stream()
            .mapToDouble(heard -> confidence(heard.word()))
            .average()
            .orElse(0));
    ArrayNode words = alternative.putArray("words");
    segment.words().forEach(heard -> word(words.addObject(), heard));
    ObjectNode metadata = message.putObject("metadata").put("request_id", requestId);
    model(metadata.putObject("model_info"));
    metadata.put("model_uuid", MODEL_UUID);
    message.put("from_finalize", segment.fromFinalize());
    return message.toString();
  }

  String speechStarted(long at, int channel) {
    ObjectNode message = JSON.createObjectNode().put("type", "SpeechStarted");
    message.putArray("channel").add(channel).add(options.separateChannels());
    return message.put("timestamp", seconds(at)).toString();
  }

  String utteranceEnd(long lastWordEnd, int channel) {
    ObjectNode message = JSON.createObjectNode().put("type", "UtteranceEnd");
    message.putArray("channel").add(channel).add(options.separateChannels());
    return message.put("last_word_end", seconds(lastWordEnd)).toString();
  }

  String metadata(Instant created, String sha256, long samples) {
    ObjectNode message =
        JSON.createObjectNode()
            .put("type", "Metadata")
            .put("transaction_key", "deprecated")
            .put("request_id", requestId)
            .put("sha256", sha256)
            .put("created", created.toString())
            .put("duration", seconds(samples))
            .put("channels", options.separateChannels());
    message.putArray("models").add(MODEL_UUID);
    model(message.putObject("model_info").putObject(MODEL_UUID));
    return message.toString();
  }

  private void word(ObjectNode node, Heard heard) {
    SpokenWord word = heard.word();
    node.put("word", word.word())
        .put("start", seconds(word.startSample()))
        .put("end", seconds(word.endSample()))
        .put("confidence", confidence(word));
    if (options.diarize()) {
      node.put("speaker", heard.speaker());
    }
    node.put("punctuated_word", word.punctuated());
  }

  private static void model(ObjectNode node) {
    node.put("name", MODEL).put("version", "1").put("arch", "script");
  }

  /// The script is certain; the figure only varies as a real one would, always the same for the
  /// same word.
  private static double confidence(SpokenWord word) {
    return (900 + Math.floorMod(word.word().hashCode(), 100)) / 1000.0;
  }

  private double seconds(long samples) {
    return (double) samples / options.sampleRateHz();
  }
}
