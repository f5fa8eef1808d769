package io.verbatim.local.deepgram;

import io.verbatim.local.deepgram.RecognitionEvent.RecognizedWord;
import io.verbatim.local.deepgram.RecognitionEvent.Segment;
import io.verbatim.local.sample.SpokenWord;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a session's results as Deepgram's JSON, with positions in seconds.
///
/// @param requestId the `dg-request-id` of the session's handshake
record ServerMessages(String requestId, LiveOptions options) {
  /// The name of the model, which marks the results as simulated.
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
            .mapToDouble(recognized -> confidence(recognized.word()))
            .average()
            .orElse(0));
    ArrayNode words = alternative.putArray("words");
    segment.words().forEach(recognized -> word(words.addObject(), recognized));
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

  private void word(ObjectNode node, RecognizedWord recognized) {
    SpokenWord word = recognized.word();
    node.put("word", word.word())
        .put("start", seconds(word.startSample()))
        .put("end", seconds(word.endSample()))
        .put("confidence", confidence(word));
    if (options.diarize()) {
      node.put("speaker", recognized.speaker());
    }
    node.put("punctuated_word", word.punctuated());
  }

  private static void model(ObjectNode node) {
    node.put("name", MODEL).put("version", "1").put("arch", "script");
  }

  /// A value from 0.9 to 0.999 that depends only on the word, to resemble a real recogniser.
  private static double confidence(SpokenWord word) {
    return (900 + Math.floorMod(word.word().hashCode(), 100)) / 1000.0;
  }

  private double seconds(long samples) {
    return (double) samples / options.sampleRateHz();
  }
}
