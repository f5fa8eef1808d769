package io.verbatim.local;

import io.verbatim.testkit.sse.SseParser;
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

/// A minimal client of server-sent events.
final class EventStream {
  private EventStream() {}

  /// One event; `id` is empty if the event has none.
  record Event(String id, String type, JsonNode data) {
    String text() {
      return data.path("text").asString("");
    }
  }

  /// Reads all events until the server closes the stream.
  static List<Event> readToTheEnd(URI uri, String token, Duration timeout) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream")
            .build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client
          .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
          .thenApplyAsync(answer -> events(answer.body()))
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static List<Event> events(Stream<String> lines) {
    List<Event> events = new ArrayList<>();
    SseParser parser =
        new SseParser(event ->
            events.add(
                new Event(event.id(), event.name(), JsonMapper.shared().readTree(event.data()))));
    lines.forEach(parser::line);
    return events;
  }
}
