package io.verbatim.local.numbers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// A browser's EventSource: reads one call's live transcript, and whenever its line drops comes
/// back with the id of the last event it had, to whichever gateway there is, until it is told to
/// stay away. It does not stop by itself at the call's end: a second one would be seen.
public final class ResumingSubscriber implements AutoCloseable {
  private static final long RETRY_MILLIS = 300;

  private final HttpClient client;
  private final Supplier<URI> transcript;
  private final String token;
  private final Runnable onFinal;
  private final TranscriptScreen screen = new TranscriptScreen();
  private final CountDownLatch stayedAway = new CountDownLatch(1);
  private final Thread watching;
  private String lastId = "";

  /// Watches from now on, on a thread of its own.
  ///
  /// @param transcript where it is to be had, asked for each time anew
  /// @param onFinal runs after each final, on the subscriber's thread
  public ResumingSubscriber(
      HttpClient client, Supplier<URI> transcript, String token, Runnable onFinal) {
    this.onFinal = onFinal;
    this.client = client;
    this.transcript = transcript;
    this.token = token;
    watching = Thread.ofVirtual().name("watcher").start(this::watch);
  }

  public boolean hasSeenTheEnd() {
    return screen.hasEnded();
  }

  /// What is on the screen.
  public Shown shown() {
    return screen.shown();
  }

  /// Waits until it is told to stay away.
  public boolean awaitStayedAway(long seconds) throws InterruptedException {
    return stayedAway.await(seconds, TimeUnit.SECONDS);
  }

  private void watch() {
    try {
      while (stayedAway.getCount() > 0) {
        look();
        Pauses.rest(RETRY_MILLIS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    try {
      HttpResponse<Stream<String>> answer =
          client.send(request(), HttpResponse.BodyHandlers.ofLines());
      try (Stream<String> body = answer.body()) {
        if (answer.statusCode() == 204) {
          stayedAway.countDown();
        } else if (answer.statusCode() == 200) {
          read(body);
        }
      }
    } catch (IOException | UncheckedIOException _) {
      // The gateway is away; an EventSource tries again too.
    }
  }

  private HttpRequest request() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(transcript.get())
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream");
    return (lastId.isEmpty() ? request : request.header("Last-Event-ID", lastId)).build();
  }

  private void read(Stream<String> lines) {
    String name = "";
    String id = "";
    String data = "";
    for (String line : (Iterable<String>) lines::iterator) {
      if (line.startsWith("event:")) {
        name = line.substring(6).strip();
      } else if (line.startsWith("id:")) {
        id = line.substring(3).strip();
      } else if (line.startsWith("data:")) {
        data = line.substring(5).strip();
      } else if (line.isEmpty() && !data.isEmpty()) {
        screen.take(name, JsonMapper.shared().readTree(data));
        lastId = id.isEmpty() ? lastId : id;
        if (name.equals("final")) {
          onFinal.run();
        }
        name = "";
        id = "";
        data = "";
      }
    }
  }

  /// Turns away.
  @Override
  public void close() {
    watching.interrupt();
  }
}
