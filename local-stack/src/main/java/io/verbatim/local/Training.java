package io.verbatim.local;

import io.verbatim.local.audio.WavFile;
import io.verbatim.local.caller.OngoingCall;
import io.verbatim.local.follow.EndedCall;
import io.verbatim.local.sample.SampleCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/// Trains the ahead-of-time caches of services for their images: runs the services from their
/// directories as part of a stack, and plays and reads calls, so that the cache contains the
/// classes and method profiles of live calls.
final class Training implements AutoCloseable {
  private static final int EXOTEL_CALLS = 8;
  private static final int PCM_CALLS = 2;
  private static final Duration CALL_LENGTH = Duration.ofSeconds(15);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(60);
  private static final String SERVER_SENT_EVENTS = "text/event-stream";

  private final Stack stack;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<CompletableFuture<?>> streams = new ArrayList<>();

  private Training(Stack stack) {
    this.stack = stack;
  }

  /// Trains the services whose extracted jars are in these directories, all at once.
  ///
  /// @throws IllegalStateException if a call does not end complete, or a cache is not written
  static void run(List<Path> directories) {
    Map<String, Path> images = new HashMap<>();
    directories.forEach(directory -> images.put(service(directory), directory));
    SampleCall sample = SampleCall.load();
    Stack.Settings settings =
        new Stack.Settings(
            null, new RunOptions.Ports(0, 0, 0), null, true, images, _ -> Optional.empty());
    try (Stack stack = Stack.start(settings, sample);
        Training training = new Training(stack)) {
      training.play(sample.sound().first(CALL_LENGTH));
      stack.recorded().forEach(RecordedService::terminate);
    }
  }

  private static String service(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".jar"))
          .findAny()
          .map(jar -> jar.substring(0, jar.length() - ".jar".length()))
          .orElseThrow(() ->
              new IllegalArgumentException("--train " + directory + " contains no service's jar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void play(WavFile wav) {
    List<OngoingCall> calls = new ArrayList<>();
    for (int i = 0; i < EXOTEL_CALLS; i++) {
      calls.add(stack.exotel().call(wav));
    }
    for (int i = 0; i < PCM_CALLS; i++) {
      calls.add(stack.pcm().call(wav));
    }
    List<String> ids = calls.stream().map(OngoingCall::callId).toList();
    ids.forEach(id -> stream("v1/calls/" + id + "/transcript"));
    stream("v1/live?lines=2");
    page();
    Duration timeout = wav.duration().plus(END_TIMEOUT);
    List<EndedCall> ended =
        Flux.fromIterable(ids)
            .flatMap(id -> stack.follower().ended(id, timeout), ids.size())
            .collectList()
            .blockOptional()
            .orElseThrow();
    if (!ended.stream().allMatch(EndedCall::complete)) {
      throw new IllegalStateException("a call of the training is not complete");
    }
    read(ids.getFirst());
  }

  /// Opens a stream of server-sent events, which is read until it ends or this closes.
  private void stream(String path) {
    HttpRequest request = request(stack.gateway().resolve(path), SERVER_SENT_EVENTS);
    streams.add(client.sendAsync(request, HttpResponse.BodyHandlers.discarding()));
  }

  /// Loads what a browser does to open the page.
  private void page() {
    for (String path : List.of("", "wall", "app.js", "style.css", "v1/calls", "v1/alert-words")) {
      get(stack.gateway().resolve(path), "*/*");
    }
  }

  /// Reads an ended call in all forms, and what platforms read.
  private void read(String callId) {
    for (String format : List.of("json", "txt", "vtt", "srt")) {
      get(stack.gateway().resolve("v1/calls/" + callId + "/transcript?format=" + format), "*/*");
    }
    for (String path : List.of("v1/calls?state=all", "v1/calls/" + callId, "v1/dead-letters")) {
      get(stack.gateway().resolve(path), "*/*");
    }
    for (RecordedService service : stack.recorded()) {
      get(service.http("/health"), "*/*");
      get(service.metrics(), "*/*");
    }
  }

  private void get(URI uri, String accept) {
    try {
      HttpResponse<Void> response =
          client.send(request(uri, accept), HttpResponse.BodyHandlers.discarding());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(uri + " answered " + response.statusCode());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during the training", e);
    }
  }

  private HttpRequest request(URI uri, String accept) {
    return HttpRequest.newBuilder(uri)
        .version(HttpClient.Version.HTTP_1_1)
        .header("Authorization", "Bearer " + stack.token())
        .header("Accept", accept)
        .build();
  }

  @Override
  public void close() {
    streams.forEach(stream -> stream.cancel(true));
    client.shutdownNow();
  }
}
