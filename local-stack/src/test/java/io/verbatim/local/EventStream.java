package io.verbatim.local;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a stream of server-sent events as a client without any library for them would.
final class EventStream {
  private EventStream() {}

  /// One event; `id` is empty where it carries none.
  record Event(String id, String type, JsonNode data) {
    String text() {
      return data.path("text").asString("");
    }
  }

  /// All events until the server closes.
  static List<Event> readToTheEnd(URI uri, String token, Duration patience) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream")
            .build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client
          .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
          .thenApplyAsync(answer -> events(answer.body()))
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static List<Event> events(Stream<String> lines) {
    List<Event> events = new ArrayList<>();
    List<String> block = new ArrayList<>();
    lines.forEach(line -> {
      if (!line.isEmpty()) {
        block.add(line);
        return;
      }
      String type = field(block, "event");
      if (!type.isEmpty()) {
        events.add(
            new Event(
                field(block, "id"), type, JsonMapper.shared().readTree(field(block, "data"))));
      }
      block.clear();
    });
    return events;
  }

  private static String field(List<String> block, String name) {
    return block.stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }
}
