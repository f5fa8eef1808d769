package io.verbatim.numbers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads calls from the gateways' REST API, with retries. Thread-safe.
///
/// @param gateway returns the URL of a path; called for each request
public record CallRecords(HttpClient client, Function<String, URI> gateway, String token) {
  private static final int MAX_ATTEMPTS = 100;

  /// The transcript of a call and the ledger of its audio.
  public record CallRecord(ReceivedTranscript transcript, Ledger ledger) {}

  /// Reads the call until it has ended and its transcript has the end: a Redis that lost its last
  /// writes may be about to receive them again. After [#MAX_ATTEMPTS] attempts, returns the last
  /// answer.
  ///
  /// @return empty if no gateway knows the call, or none answers
  public Optional<CallRecord> read(String callId) throws InterruptedException {
    Optional<JsonNode> call = Optional.empty();
    Optional<ReceivedTranscript> transcript = Optional.empty();
    for (int attempt = 0; attempt <= MAX_ATTEMPTS && !isOver(call, transcript); attempt++) {
      if (attempt > 0) {
        Thread.sleep(NumberedCall.RETRY_MILLIS);
      }
      call = get("/v1/calls/" + callId);
      transcript = transcript(callId);
    }
    return call.isEmpty() || transcript.isEmpty()
        ? Optional.empty()
        : Optional.of(new CallRecord(transcript.get(), Ledger.of(call.get())));
  }

  private static boolean isOver(Optional<JsonNode> call, Optional<ReceivedTranscript> transcript) {
    return call.filter(found -> !isLive(found)).isPresent()
        && transcript.filter(found -> !found.endings().isEmpty()).isPresent();
  }

  private Optional<ReceivedTranscript> transcript(String callId) throws InterruptedException {
    return get("/v1/calls/" + callId + "/transcript?format=json")
        .map(transcript -> {
          TranscriptCollector collector = new TranscriptCollector();
          transcript
              .path("entries")
              .forEach(entry -> collector.accept(entry.path("type").asString(""), entry));
          return collector.transcript();
        });
  }

  /// Whether a gateway knows the call.
  public boolean isKnown(String callId) throws InterruptedException {
    return get("/v1/calls/" + callId).isPresent();
  }

  private static boolean isLive(JsonNode call) {
    return call.path("state").asString("").equals("live");
  }

  private Optional<JsonNode> get(String path) throws InterruptedException {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        HttpRequest request =
            HttpRequest.newBuilder(gateway.apply(path))
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          return Optional.of(JsonMapper.shared().readTree(answer.body()));
        }
        if (answer.statusCode() == 404) {
          return Optional.empty();
        }
      } catch (IOException _) {
        // The gateway is not reachable.
      }
      Thread.sleep(NumberedCall.RETRY_MILLIS);
    }
    return Optional.empty();
  }
}
