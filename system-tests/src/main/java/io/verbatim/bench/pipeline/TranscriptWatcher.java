package io.verbatim.bench.pipeline;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a call's live transcript as a browser does, as server-sent events until `ended`.
final class TranscriptWatcher {

  /// What a watcher received.
  ///
  /// @param words the finals' texts in order
  /// @param entries how many distinct entry ids came with them
  record Seen(List<String> words, long entries, boolean ended, boolean complete) {}

  private final List<String> words = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private final CompletableFuture<Seen> seen = new CompletableFuture<>();
  private final StringBuilder pending = new StringBuilder();
  private boolean ended;
  private boolean complete;

  /// Watches from the call's first word on; the future completes when the stream closes.
  static CompletableFuture<Seen> watch(URI transcript, String token) {
    TranscriptWatcher watcher = new TranscriptWatcher();
    HttpClient.newConnection()
        .headers(headers ->
            headers.set("Authorization", "Bearer " + token).set("Accept", "text/event-stream"))
        .get()
        .uri(transcript)
        .response((response, body) ->
            response.status().code() == 200
                ? body.asString()
                : Flux.error(
                    new IllegalStateException("The gateway answered " + response.status())))
        .subscribe(watcher::read, watcher.seen::completeExceptionally, watcher::closed);
    return watcher.seen;
  }

  private void read(String chunk) {
    pending.append(chunk);
    int end = pending.indexOf("\n\n");
    while (end >= 0) {
      event(pending.substring(0, end));
      pending.delete(0, end + 2);
      end = pending.indexOf("\n\n");
    }
  }

  private void event(String block) {
    String name = "";
    String id = "";
    String data = "";
    for (String line : block.split("\n", -1)) {
      if (line.startsWith("event:")) {
        name = line.substring(6).strip();
      } else if (line.startsWith("id:")) {
        id = line.substring(3).strip();
      } else if (line.startsWith("data:")) {
        data = line.substring(5).strip();
      }
    }
    if (name.equals("final")) {
      words.add(JsonMapper.shared().readTree(data).path("text").asString(""));
      ids.add(id);
    } else if (name.equals("ended")) {
      JsonNode body = JsonMapper.shared().readTree(data);
      ended = true;
      complete = body.path("complete").asBoolean(false);
    }
  }

  private void closed() {
    seen.complete(new Seen(List.copyOf(words), ids.stream().distinct().count(), ended, complete));
  }
}
