package io.verbatim.gateway.page;

import io.verbatim.gateway.problem.ProblemHandler;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Serves the page at `/`, at `/wall` and at `/calls/{callId}`, and the few files it consists of.
///
/// A browser asks each time and is told when nothing changed, so a deploy is seen at once.
public final class PageHandler {

  private static final String PAGE = "index.html";

  /// Where a deployment may put a module of its own on its class path; empty where there is none.
  private static final String EXTRAS = "extras.js";

  private static final List<String> FILES =
      List.of(
          PAGE,
          "alert-words.js",
          "app.js",
          "badge.js",
          "call-head.js",
          "call-list.js",
          "calls.js",
          "dom.js",
          "format.js",
          "kept.js",
          "line.js",
          "matches.js",
          "search-bar.js",
          "session.js",
          "spoken.js",
          "sse.js",
          "stream.js",
          "take-away.js",
          "transcript.js",
          "transcript-view.js",
          "voices.js",
          "wall.js",
          "style.css",
          "icon.svg");

  private final Map<String, PageFile> files = new HashMap<>();

  public PageHandler() {
    for (String name : FILES) {
      files.put(name, PageFile.read("/static/" + name));
    }
    files.put(EXTRAS, PageFile.readOrEmpty("/" + EXTRAS));
  }

  public Mono<ServerResponse> page(ServerRequest request) {
    return serve(PAGE, request);
  }

  /// A file of the page by its name.
  public Mono<ServerResponse> file(ServerRequest request) {
    return serve(request.pathVariable("file"), request);
  }

  private Mono<ServerResponse> serve(String name, ServerRequest request) {
    PageFile file = files.get(name);
    if (file == null) {
      return ProblemHandler.nothingHere(request);
    }
    boolean packed = takesPacked(request);
    String tag = file.tag(packed);
    if (request.headers().header("If-None-Match").contains(tag)) {
      return ServerResponse.status(304)
          .header("ETag", tag)
          .header("Vary", "Accept-Encoding")
          .build();
    }
    ServerResponse.BodyBuilder answer =
        ServerResponse.ok()
            .header("ETag", tag)
            .header("Vary", "Accept-Encoding")
            .header("Cache-Control", "no-cache")
            .header("Content-Type", file.type());
    return packed
        ? answer.header("Content-Encoding", "gzip").bodyValue(file.packed())
        : answer.bodyValue(file.bytes());
  }

  private static boolean takesPacked(ServerRequest request) {
    return request.headers().header("Accept-Encoding").stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .anyMatch(coding -> coding.strip().equals("gzip"));
  }
}
