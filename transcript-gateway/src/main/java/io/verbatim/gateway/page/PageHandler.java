package io.verbatim.gateway.page;

import io.verbatim.gateway.problem.ProblemHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Serves the page at `/` and at `/calls/{callId}`, and the few files it consists of.
///
/// A browser asks each time and is told when nothing changed, so a deploy is seen at once.
public final class PageHandler {

  private static final String PAGE = "index.html";

  /// Where a deployment may put a module of its own on its class path; empty where there is none.
  private static final String EXTRAS = "extras.js";

  private static final List<String> FILES =
      List.of(
          PAGE,
          "app.js",
          "calls.js",
          "format.js",
          "session.js",
          "stream.js",
          "transcript.js",
          "transcript-view.js",
          "style.css",
          "icon.svg");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  private record File(String type, byte[] bytes, String etag) {}

  private final Map<String, File> files = new HashMap<>();

  public PageHandler() {
    for (String name : FILES) {
      files.put(name, read("/static/" + name));
    }
    files.put(EXTRAS, readOrEmpty("/" + EXTRAS));
  }

  public Mono<ServerResponse> page(ServerRequest request) {
    return serve(PAGE, request);
  }

  /// A file of the page by its name.
  public Mono<ServerResponse> file(ServerRequest request) {
    return serve(request.pathVariable("file"), request);
  }

  private Mono<ServerResponse> serve(String name, ServerRequest request) {
    File file = files.get(name);
    if (file == null) {
      return ProblemHandler.nothingHere(request);
    }
    if (request.headers().header("If-None-Match").contains(file.etag)) {
      return ServerResponse.status(304).header("ETag", file.etag).build();
    }
    return ServerResponse.ok()
        .header("ETag", file.etag)
        .header("Cache-Control", "no-cache")
        .header("Content-Type", file.type)
        .bodyValue(file.bytes);
  }

  private static File read(String path) {
    try (InputStream in = PageHandler.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the page is incomplete: " + path + " is missing");
      }
      return file(path, in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static File readOrEmpty(String path) {
    return PageHandler.class.getResource(path) == null ? file(path, new byte[0]) : read(path);
  }

  private static File file(String path, byte[] bytes) {
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException("no type for " + path);
    }
    return new File(type, bytes, "\"" + hash(bytes) + "\"");
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
