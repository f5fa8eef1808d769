package io.verbatim.bench.pipeline;

import io.verbatim.testkit.sse.SseParser;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a call's live transcript as server-sent events until `ended`, like a browser.
final class TranscriptWatcher {

  /// The events that a watcher received.
  ///
  /// @param words the texts of the finals, in order
  /// @param entries the number of distinct entry ids of the finals
  record Seen(List<String> words, long entries, boolean ended, boolean complete) {}

  private final List<String> words = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private final CompletableFuture<Seen> seen = new CompletableFuture<>();
  private boolean ended;
  private boolean complete;

  /// Reads from the call's first word on; the future completes when the stream closes.
  static CompletableFuture<Seen> watch(URI transcript, String token) {
    TranscriptWatcher watcher = new TranscriptWatcher();
    events(transcript, token)
        .subscribe(
            new SseParser(watcher::event)::text,
            watcher.seen::completeExceptionally,
            watcher::closed);
    return watcher.seen;
  }

  /// Reads without checking, until it is disposed.
  static Disposable visit(URI transcript, String token) {
    return events(transcript, token).subscribe(_ -> {}, _ -> {});
  }

  private static Flux<String> events(URI transcript, String token) {
    return HttpClient.newConnection()
        .headers(headers ->
            headers.set("Authorization", "Bearer " + token).set("Accept", "text/event-stream"))
        .get()
        .uri(transcript)
        .response((response, body) ->
            response.status().code() == 200
                ? body.asString()
                : Flux.error(
                    new IllegalStateException("The gateway answered " + response.status())));
  }

  private void event(SseParser.Event event) {
    JsonNode data = JsonMapper.shared().readTree(event.data());
    if (event.name().equals("final")) {
      words.add(data.path("text").asString(""));
      ids.add(event.id());
    } else if (event.name().equals("ended")) {
      ended = true;
      complete = data.path("complete").asBoolean(false);
    }
  }

  private void closed() {
    seen.complete(new Seen(List.copyOf(words), ids.stream().distinct().count(), ended, complete));
  }
}
