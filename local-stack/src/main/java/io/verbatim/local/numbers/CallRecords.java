package io.verbatim.local.numbers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the gateways tell of a call to whoever asks once. Thread-safe.
///
/// @param gateway a path's URL, asked for each time anew
public record CallRecords(HttpClient client, Function<String, URI> gateway, String token) {
  private static final int TRIES = 100;

  /// What was told: the transcript, and the account of its audio.
  public record Told(Shown shown, Ledger ledger) {}

  /// Asks until there is an answer that tells of the call's end, for a Redis that has fallen back
  /// may just be getting it again; where none does for long, what the last one told.
  ///
  /// @return empty where no gateway knows the call, or none answers for long
  public Optional<Told> tell(String callId) throws InterruptedException {
    Optional<JsonNode> call = ask("/v1/calls/" + callId);
    for (int attempt = 0;
        attempt < TRIES && call.filter(CallRecords::isLive).isPresent();
        attempt++) {
      Pauses.rest(NumberedCall.RETRY_MILLIS);
      call = ask("/v1/calls/" + callId);
    }
    Optional<JsonNode> transcript = ask("/v1/calls/" + callId + "/transcript?format=json");
    if (transcript.isEmpty() || call.isEmpty()) {
      return Optional.empty();
    }
    TranscriptScreen screen = new TranscriptScreen();
    transcript
        .get()
        .path("entries")
        .forEach(entry -> screen.take(entry.path("type").asString(""), entry));
    return Optional.of(new Told(screen.shown(), Ledger.of(call.get())));
  }

  /// Whether a gateway knows the call.
  public boolean isKnown(String callId) throws InterruptedException {
    return ask("/v1/calls/" + callId).isPresent();
  }

  private static boolean isLive(JsonNode call) {
    return call.path("state").asString("").equals("live");
  }

  private Optional<JsonNode> ask(String path) throws InterruptedException {
    for (int attempt = 0; attempt < TRIES; attempt++) {
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
        // The gateway is away.
      }
      Pauses.rest(NumberedCall.RETRY_MILLIS);
    }
    return Optional.empty();
  }
}
