package io.verbatim.gateway.page;

import io.verbatim.gateway.problem.ProblemHandler;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Serves the agent's page at `/`, `/wall` and `/calls/{callId}`, the pages `/search`, `/usage`,
/// `/recordings` and `/dead-letters`, and their files.
///
/// A browser revalidates each file on each load, so a deployment takes effect at once.
public final class PageHandler {

  private static final String PAGE = "index.html";
  private static final String SEARCH = "search.html";
  private static final String USAGE = "usage.html";
  private static final String RECORDINGS = "recordings.html";

  /// A module that a deployment may add on its class path; served empty if it is missing.
  private static final String EXTRAS = "extras.js";

  private static final List<String> FILES =
      List.of(
          PAGE,
          SEARCH,
          USAGE,
          RECORDINGS,
          "alert-words.js",
          "announcer.js",
          "app.js",
          "badge.js",
          "call-head.js",
          "call-list.js",
          "calls.js",
          "dead-letters.html",
          "dead-letters.js",
          "dom.js",
          "export.js",
          "format.js",
          "line.js",
          "matches.js",
          "preferences.js",
          "problem.js",
          "recording-job.js",
          "recordings.js",
          "search-bar.js",
          "search.js",
          "session.js",
          "speakers.js",
          "spoken-lines.js",
          "sse.js",
          "statistics.js",
          "stream.js",
          "text-translation.js",
          "transcript.js",
          "transcript-view.js",
          "translation.js",
          "upload.js",
          "usage.js",
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

  public Mono<ServerResponse> search(ServerRequest request) {
    return serve(SEARCH, request);
  }

  public Mono<ServerResponse> usage(ServerRequest request) {
    return serve(USAGE, request);
  }

  public Mono<ServerResponse> recordings(ServerRequest request) {
    return serve(RECORDINGS, request);
  }

  public Mono<ServerResponse> deadLetters(ServerRequest request) {
    return serve("dead-letters.html", request);
  }

  /// Serves a file of the page by its name.
  public Mono<ServerResponse> file(ServerRequest request) {
    return serve(request.pathVariable("file"), request);
  }

  private Mono<ServerResponse> serve(String name, ServerRequest request) {
    PageFile file = files.get(name);
    if (file == null) {
      return ProblemHandler.notFound(request);
    }
    boolean gzipped = acceptsGzip(request);
    String tag = file.tag(gzipped);
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
    return gzipped
        ? answer.header("Content-Encoding", "gzip").bodyValue(file.gzipped())
        : answer.bodyValue(file.bytes());
  }

  private static boolean acceptsGzip(ServerRequest request) {
    return request.headers().header("Accept-Encoding").stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .anyMatch(coding -> coding.strip().equals("gzip"));
  }
}
