package io.verbatim.testkit.providers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpExchange;
import io.verbatim.testkit.providers.NumberedSpeech.Word;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// OpenAI's API for recordings: `POST /v1/audio/transcriptions`, at most 25 MB.
public final class WhisperRecordings extends ProviderServer {

  private static final int MAX_BYTES = 25 * 1024 * 1024;
  private static final int WORDS_PER_SEGMENT = 5;

  private record Part(String head, byte[] body) {
    boolean isField(String name, String value) {
      return head.contains("name=\"" + name + "\"")
          && (value.isEmpty() || new String(body, ISO_8859_1).equals(value));
    }
  }

  private final String key;
  private final Function<byte[], List<Word>> recognizer;

  /// @param key the only one that is accepted
  /// @param recognizer the words of a file
  public WhisperRecordings(String key, Function<byte[], List<Word>> recognizer) {
    this.key = key;
    this.recognizer = recognizer;
  }

  /// Recognises [NumberedSpeech], and one word in any other file.
  public WhisperRecordings(String key) {
    this(key, DeepgramRecordings::words);
  }

  @Override
  Answer answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (!header(exchange, "Authorization").equals("Bearer " + key)) {
      return refusal(401, "invalid_api_key", "Incorrect API key provided.");
    }
    if (!exchange.getRequestURI().getPath().equals("/v1/audio/transcriptions")) {
      return refusal(404, "unknown_url", "Unknown request URL.");
    }
    if (body.length > MAX_BYTES) {
      return refusal(413, "", "Maximum content size limit (26214400) exceeded.");
    }
    List<Part> parts = parts(body, header(exchange, "Content-Type"));
    boolean asks =
        has(parts, "model", "whisper-1")
            && has(parts, "response_format", "verbose_json")
            && has(parts, "timestamp_granularities[]", "word")
            && has(parts, "timestamp_granularities[]", "segment");
    if (!asks) {
      return refusal(400, "", "Unrecognized request argument supplied.");
    }
    byte[] file =
        parts.stream()
            .filter(part -> part.head().contains("name=\"file\"; filename=\"recording."))
            .map(Part::body)
            .findFirst()
            .orElse(new byte[0]);
    return file.length == 0
        ? refusal(400, "", "The audio file could not be decoded or its format is not supported.")
        : new Answer(200, verbose(recognizer.apply(file)));
  }

  private static boolean has(List<Part> parts, String name, String value) {
    return parts.stream().anyMatch(part -> part.isField(name, value));
  }

  private static Answer refusal(int status, String code, String message) {
    return new Answer(
        status,
        "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"code\":\"%s\"}}"
            .formatted(message, code));
  }

  private static List<Part> parts(byte[] body, String contentType) {
    byte[] boundary = ("--" + contentType.replaceFirst(".*boundary=", "")).getBytes(ISO_8859_1);
    List<Part> parts = new ArrayList<>();
    int start = find(body, boundary, 0) + boundary.length;
    for (int end = find(body, boundary, start); end >= 0; end = find(body, boundary, start)) {
      int content = find(body, "\r\n\r\n".getBytes(ISO_8859_1), start) + 4;
      parts.add(
          new Part(
              new String(body, start, content - start, ISO_8859_1),
              Arrays.copyOfRange(body, content, end - 2)));
      start = end + boundary.length;
    }
    return parts;
  }

  private static int find(byte[] body, byte[] wanted, int from) {
    for (int at = from; at <= body.length - wanted.length; at++) {
      if (body[at] == wanted[0]
          && Arrays.equals(body, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static String verbose(List<Word> words) {
    List<String> segments = new ArrayList<>();
    for (int first = 0; first < words.size(); first += WORDS_PER_SEGMENT) {
      List<Word> said = words.subList(first, Math.min(words.size(), first + WORDS_PER_SEGMENT));
      segments.add(
          "{\"id\":%d,\"start\":%s,\"end\":%s,\"text\":\" %s\",\"avg_logprob\":-0.05}"
              .formatted(
                  segments.size(), said.getFirst().start(), said.getLast().end(), text(said)));
    }
    return """
    {"task":"transcribe","language":"english","duration":%s,"text":"%s","segments":[%s],\
    "words":[%s]}\
    """
        .formatted(
            words.isEmpty() ? 0 : words.getLast().end(),
            text(words),
            String.join(",", segments),
            words.stream()
                .map(word ->
                    "{\"word\":\"%s\",\"start\":%s,\"end\":%s}"
                        .formatted(word.text(), word.start(), word.end()))
                .collect(Collectors.joining(",")));
  }

  private static String text(List<Word> words) {
    return words.stream().map(Word::text).collect(Collectors.joining(" "));
  }
}
