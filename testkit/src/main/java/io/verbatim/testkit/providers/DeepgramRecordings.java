package io.verbatim.testkit.providers;

import com.sun.net.httpserver.HttpExchange;
import io.verbatim.testkit.providers.NumberedSpeech.Word;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Deepgram's API for recordings: `POST /v1/listen`.
public final class DeepgramRecordings extends ProviderServer {

  private static final Set<String> PARAMETERS =
      Set.of("model", "language", "detect_language", "smart_format", "utterances", "diarize");

  private final String key;
  private final Function<byte[], List<Word>> recognizer;

  /// @param key the only one that is accepted
  /// @param recognizer the words of a file
  public DeepgramRecordings(String key, Function<byte[], List<Word>> recognizer) {
    this.key = key;
    this.recognizer = recognizer;
  }

  /// Recognises [NumberedSpeech], and one word in any other file.
  public DeepgramRecordings(String key) {
    this(key, DeepgramRecordings::words);
  }

  static List<Word> words(byte[] file) {
    return NumberedSpeech.isReadable(file)
        ? NumberedSpeech.recognize(file)
        : List.of(new Word("something", 0.1, 0.6, 0));
  }

  @Override
  Answer answer(HttpExchange exchange) throws IOException {
    byte[] file = exchange.getRequestBody().readAllBytes();
    Map<String, String> query = query(exchange);
    if (!header(exchange, "Authorization").equals("Token " + key)) {
      return refusal(401, "INVALID_AUTH", "Invalid credentials.");
    }
    if (!exchange.getRequestMethod().equals("POST")
        || !exchange.getRequestURI().getPath().equals("/v1/listen")) {
      return refusal(404, "NOT_FOUND", "Not found.");
    }
    if (!query.containsKey("model") || !PARAMETERS.containsAll(query.keySet())) {
      return refusal(400, "INVALID_QUERY_PARAMETER", "Failed to deserialize query parameters");
    }
    if (query.getOrDefault("model", "").equals("nova-9")) {
      return refusal(
          400, "INVALID_QUERY_PARAMETER", "No such model/language/tier combination found.");
    }
    if (!header(exchange, "Content-Type").matches("(audio|video)/[a-z0-9.+-]+")) {
      return refusal(400, "UNSUPPORTED_MEDIA", "Unsupported content type");
    }
    if (file.length == 0) {
      return refusal(400, "Bad Request", "failed to process audio: corrupt or unsupported data");
    }
    return new Answer(200, transcript(recognizer.apply(file), query.containsKey("diarize")));
  }

  private static Answer refusal(int status, String code, String message) {
    return new Answer(
        status,
        "{\"err_code\":\"%s\",\"err_msg\":\"%s\",\"request_id\":\"00000000\"}"
            .formatted(code, message));
  }

  private static String transcript(List<Word> words, boolean diarize) {
    StringBuilder utterances = new StringBuilder();
    int first = 0;
    for (int next = 1; next <= words.size(); next++) {
      if (next == words.size() || words.get(next).speaker() != words.get(first).speaker()) {
        utterances
            .append(first == 0 ? "" : ",")
            .append(utterance(words.subList(first, next), diarize));
        first = next;
      }
    }
    return """
    {"metadata":{"request_id":"00000000","duration":%s,"channels":1},"results":{"channels":[\
    {"alternatives":[{"transcript":"%s","confidence":%s,"words":[%s]}]}],"utterances":[%s]}}\
    """
        .formatted(
            words.isEmpty() ? 0 : words.getLast().end(),
            text(words),
            words.isEmpty() ? "0" : "0.95",
            words(words, diarize),
            utterances);
  }

  private static String utterance(List<Word> words, boolean diarize) {
    return "{\"start\":%s,\"end\":%s,\"confidence\":0.95,\"transcript\":\"%s\"%s,\"words\":[%s]}"
        .formatted(
            words.getFirst().start(),
            words.getLast().end(),
            text(words),
            diarize ? ",\"speaker\":" + words.getFirst().speaker() : "",
            words(words, diarize));
  }

  private static String text(List<Word> words) {
    return words.stream().map(Word::text).collect(Collectors.joining(" "));
  }

  private static String words(List<Word> words, boolean diarize) {
    return words.stream()
        .map(word ->
            ("{\"word\":\"%s\",\"punctuated_word\":\"%s\",\"start\":%s,\"end\":%s,"
                    + "\"confidence\":0.95%s}")
                .formatted(
                    word.text().toLowerCase(Locale.ROOT),
                    word.text(),
                    word.start(),
                    word.end(),
                    diarize ? ",\"speaker\":" + word.speaker() : ""))
        .collect(Collectors.joining(","));
  }
}
