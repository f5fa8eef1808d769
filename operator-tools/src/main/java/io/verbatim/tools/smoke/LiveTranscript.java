package io.verbatim.tools.smoke;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the live transcript of one call, as a browser does. Thread-safe.
final class LiveTranscript {
  private final CompletableFuture<JsonNode> ended = new CompletableFuture<>();
  private final List<JsonNode> finals = new ArrayList<>();
  private boolean hasEvents;
  private String status = "";

  /// Opens the stream.
  ///
  /// @throws SmokeFailure if the gateway does not answer with a stream
  static LiveTranscript open(HttpClient client, URI address, String token)
      throws SmokeFailure, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream")
            .build();
    LiveTranscript transcript = new LiveTranscript();
    HttpResponse<Stream<String>> answer;
    try {
      answer = client.sendAsync(request, BodyHandlers.ofLines()).get(15, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new SmokeFailure("the stream does not begin: " + failure);
    }
    String type = answer.headers().firstValue("Content-Type").orElse("none");
    SmokeFailure.unless(
        answer.statusCode() == 200 && type.startsWith("text/event-stream"),
        "status %d, content type %s".formatted(answer.statusCode(), type));
    Thread.ofVirtual().start(() -> transcript.read(answer.body()));
    return transcript;
  }

  private void read(Stream<String> lines) {
    try (lines) {
      @Nullable String event = null;
      for (String line : (Iterable<String>) lines::iterator) {
        if (line.startsWith("event:")) {
          event = line.substring("event:".length()).strip();
        } else if (line.startsWith("data:") && event != null) {
          onEvent(event, JsonMapper.shared().readTree(line.substring("data:".length())));
        }
      }
      ended.completeExceptionally(new IOException("the stream closed before the end of the call"));
    } catch (RuntimeException failure) {
      ended.completeExceptionally(failure);
    }
  }

  private synchronized void onEvent(String event, JsonNode data) {
    switch (event) {
      case "final" -> {
        finals.add(data);
        hasEvents = true;
      }
      case "interim" -> hasEvents = true;
      case "status" ->
          status = data.path("recognizer").asString("") + " " + data.path("reason").asString("");
      case "ended" -> ended.complete(data);
      default -> {} // gaps are in the ledger
    }
  }

  /// Whether a final or an interim has arrived.
  synchronized boolean hasEvents() {
    return hasEvents;
  }

  synchronized List<JsonNode> finals() {
    return List.copyOf(finals);
  }

  /// The recogniser's last status.
  synchronized String status() {
    return status.strip();
  }

  /// Waits for the event `ended`.
  JsonNode awaitEnd(Duration limit) throws SmokeFailure, InterruptedException {
    try {
      return ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new SmokeFailure(
          "no end after %d s; the recogniser is: %s".formatted(limit.toSeconds(), status()));
    } catch (ExecutionException failure) {
      throw new SmokeFailure(String.valueOf(failure.getCause()));
    }
  }
}
