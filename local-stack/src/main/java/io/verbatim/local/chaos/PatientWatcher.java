package io.verbatim.local.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A browser's EventSource: reads one call's live transcript, and whenever its line drops comes
/// back with the id of the last event it had, until the server tells it to stay away or the call
/// has ended. One thread's.
final class PatientWatcher {
  private static final long RETRY_MILLIS = 300;

  private final URI transcript;
  private final String token;
  private final List<Integer> words = new ArrayList<>();
  private String lastId = "";
  private int ends;
  private boolean stopped;

  PatientWatcher(URI transcript, String token) {
    this.transcript = transcript;
    this.token = token;
  }

  /// Numbers in the order the screen shows them.
  List<Integer> words() {
    return List.copyOf(words);
  }

  int ends() {
    return ends;
  }

  /// Watches until the call has ended; returns early when interrupted.
  void watch(HttpClient client) {
    while (!stopped && ends == 0) {
      try {
        HttpResponse<Stream<String>> answer = client.send(request(), lines());
        stopped = answer.statusCode() == 204;
        try (Stream<String> body = answer.body()) {
          if (answer.statusCode() == 200) {
            read(body);
          }
        }
      } catch (IOException | java.io.UncheckedIOException _) {
        // The gateway is away; an EventSource tries again too.
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
      CompletableFuture.runAsync(
              () -> {}, CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS))
          .join();
    }
  }

  private static HttpResponse.BodyHandler<Stream<String>> lines() {
    return HttpResponse.BodyHandlers.ofLines();
  }

  private HttpRequest request() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(transcript)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream");
    return (lastId.isEmpty() ? request : request.header("Last-Event-ID", lastId)).build();
  }

  private void read(Stream<String> lines) {
    String name = "";
    String id = "";
    String data = "";
    for (String line : (Iterable<String>) lines::iterator) {
      if (line.startsWith("event:")) {
        name = line.substring(6).strip();
      } else if (line.startsWith("id:")) {
        id = line.substring(3).strip();
      } else if (line.startsWith("data:")) {
        data = line.substring(5).strip();
      } else if (line.isEmpty()) {
        event(name, data);
        lastId = id.isEmpty() ? lastId : id;
        name = "";
        id = "";
        data = "";
        if (ends > 0) {
          return;
        }
      }
    }
  }

  private void event(String name, String data) {
    switch (name) {
      case "final" -> words.addAll(numbers(JsonMapper.shared().readTree(data)));
      case "resync" -> words.clear();
      case "ended" -> ends++;
      default -> {
        // What may still change does not count.
      }
    }
  }

  static List<Integer> numbers(JsonNode speech) {
    return Stream.of(speech.path("text").asString("").split(" "))
        .filter(word -> !word.isEmpty())
        .map(Integer::valueOf)
        .toList();
  }
}
