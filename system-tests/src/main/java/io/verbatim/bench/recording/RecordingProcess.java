package io.verbatim.bench.recording;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.testkit.providers.NumberedSpeech;
import io.verbatim.testkit.providers.WhisperRecordings;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The provider and its client, in a process of their own: `<file> <seconds> <megabits/s>`. Prints
/// the provider's URL. For each line `<gateway's URL> <token>` it uploads the recording and prints
/// `done <upload ms> <answer ms> <parts> <exact seconds>`, or `problem` and a reason.
final class RecordingProcess {
  static final String KEY = "bench";

  private static final String BOUNDARY = "recording-of-the-benchmark";

  private RecordingProcess() {}

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    int seconds = Integer.parseInt(arguments[1]);
    double megabits = Double.parseDouble(arguments[2]);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      NumberedSpeech.write(seconds, out);
    }
    try (WhisperRecordings whisper = new WhisperRecordings(KEY);
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      System.out.println("ready " + whisper.url());
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] target = line.split(" ", -1);
        System.out.println(transcribe(http, target[0], target[1], file, seconds, megabits));
      }
    }
  }

  private static String transcribe(
      HttpClient http, String gateway, String token, Path file, int seconds, double megabits) {
    long started = System.nanoTime();
    long[] uploaded = new long[1];
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway + "/transcriptions/whisper"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(
                BodyPublishers.concat(
                    BodyPublishers.ofString(
                        "--"
                            + BOUNDARY
                            + "\r\nContent-Disposition: form-data; name=\"audio\";"
                            + " filename=\"long.wav\"\r\n\r\n"),
                    BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> paced(file, megabits, uploaded)),
                        file.toFile().length()),
                    BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n", US_ASCII)))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        return "problem " + answer.statusCode() + " " + answer.body();
      }
      JsonNode body = JsonMapper.shared().readTree(answer.body());
      return "done %d %d %d %d"
          .formatted(
              (uploaded[0] - started) / 1_000_000,
              (System.nanoTime() - started) / 1_000_000,
              body.path("processing_info").path("chunks_processed").asInt(),
              exactSeconds(body.path("words").valueStream().toList(), seconds));
    } catch (IOException failure) {
      return "problem " + failure;
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      return "problem interrupted";
    }
  }

  /// The file, read at most at a rate, as a network limits it.
  private static InputStream paced(Path file, double megabits, long[] uploaded) {
    try {
      return new PacedInputStream(
          Files.newInputStream(file), megabits, () -> uploaded[0] = System.nanoTime());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The number of seconds whose word is at its place and its time; 0 if there are more words than
  /// seconds.
  private static int exactSeconds(List<JsonNode> words, int seconds) {
    int exact = 0;
    for (int i = 0; i < words.size(); i++) {
      boolean isExact =
          words.get(i).path("word").asString("").equals("w" + i)
              && Math.abs(words.get(i).path("start").asDouble() - (i + 0.2)) < 0.0015;
      exact += isExact ? 1 : 0;
    }
    return words.size() > seconds ? 0 : exact;
  }
}
