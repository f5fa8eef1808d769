package io.verbatim.testkit.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.verbatim.testkit.providers.NumberedSpeech.Word;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// AssemblyAI's API for recordings: upload, create, and poll. A transcript is complete at the
/// second question.
public final class AssemblyAiRecordings extends ProviderServer {

  private static final Pattern AUDIO_URL =
      Pattern.compile("\"audio_url\":\"https://cdn\\.assemblyai\\.com/upload/([0-9]+)\"");
  private static final Pattern TRANSCRIPT = Pattern.compile("/v2/transcript/([0-9]+)");

  private final String key;
  private final Function<byte[], List<Word>> recognizer;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
  private final Map<String, List<Word>> transcripts = new ConcurrentHashMap<>();
  private final Map<String, Integer> questions = new ConcurrentHashMap<>();

  /// @param key the only one that is accepted
  /// @param recognizer the words of a file
  public AssemblyAiRecordings(String key, Function<byte[], List<Word>> recognizer) {
    this.key = key;
    this.recognizer = recognizer;
  }

  /// Recognises [NumberedSpeech], and one word in any other file.
  public AssemblyAiRecordings(String key) {
    this(key, DeepgramRecordings::words);
  }

  @Override
  Answer answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (!header(exchange, "Authorization").equals(key)) {
      return new Answer(401, "{\"error\":\"Authentication error, API token missing/invalid\"}");
    }
    String path = exchange.getRequestURI().getPath();
    Matcher question = TRANSCRIPT.matcher(path);
    if (path.equals("/v2/upload")) {
      String number = Integer.toString(numbers.incrementAndGet());
      uploads.put(number, body);
      return new Answer(
          200, "{\"upload_url\":\"https://cdn.assemblyai.com/upload/" + number + "\"}");
    }
    if (path.equals("/v2/transcript")) {
      return create(new String(body, UTF_8));
    }
    return question.matches()
        ? transcript(question.group(1))
        : new Answer(404, "{\"error\":\"Not found\"}");
  }

  private Answer create(String request) {
    Matcher upload = AUDIO_URL.matcher(request);
    boolean hasLanguage =
        request.contains("\"language_code\":\"") || request.contains("\"language_detection\":true");
    if (!request.contains("\"speech_models\":[\"") || !hasLanguage || !upload.find()) {
      return new Answer(400, "{\"error\":\"Invalid request body\"}");
    }
    byte[] file = uploads.remove(upload.group(1));
    if (file == null) {
      return new Answer(400, "{\"error\":\"Download error, unable to download the file\"}");
    }
    transcripts.put(upload.group(1), recognizer.apply(file));
    return new Answer(200, "{\"id\":\"%s\",\"status\":\"queued\"}".formatted(upload.group(1)));
  }

  private Answer transcript(String id) {
    List<Word> words = transcripts.get(id);
    if (words == null) {
      return new Answer(400, "{\"error\":\"Transcript lookup error\"}");
    }
    if (questions.merge(id, 1, Integer::sum) < 2) {
      return new Answer(200, "{\"id\":\"%s\",\"status\":\"processing\"}".formatted(id));
    }
    String list =
        words.stream()
            .map(word ->
                "{\"text\":\"%s\",\"start\":%d,\"end\":%d,\"confidence\":0.9,\"speaker\":\"%c\"}"
                    .formatted(
                        word.text(),
                        millis(word.start()),
                        millis(word.end()),
                        'A' + word.speaker()))
            .collect(Collectors.joining(","));
    String text = words.stream().map(Word::text).collect(Collectors.joining(" "));
    return new Answer(
        200,
        """
        {"id":"%s","status":"completed","text":"%s","confidence":0.9,"audio_duration":%d,\
        "language_code":"en","words":[%s]}\
        """
            .formatted(id, text, words.size(), list));
  }

  private static long millis(double seconds) {
    return Math.round(seconds * 1000);
  }
}
