package io.verbatim.numbers;

import io.verbatim.testkit.sse.SseParser;
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

/// A client like a browser's EventSource: reads one call's live transcript, and reconnects to any
/// gateway with the id of the last event, until a gateway answers 204. It does not stop at `ended`,
/// so it detects a second `ended`.
public final class ResumingSubscriber implements AutoCloseable {
  private static final long RETRY_MILLIS = 300;

  private final HttpClient client;
  private final Supplier<URI> url;
  private final String token;
  private final Runnable onFinal;
  private final TranscriptCollector collector = new TranscriptCollector();
  private final CountDownLatch noContent = new CountDownLatch(1);
  private final Thread thread;
  private String lastId = "";

  /// Starts reading on its own thread.
  ///
  /// @param url returns the URL of the transcript; called for each connection
  /// @param onFinal runs after each final, on the subscriber's thread
  public ResumingSubscriber(HttpClient client, Supplier<URI> url, String token, Runnable onFinal) {
    this.onFinal = onFinal;
    this.client = client;
    this.url = url;
    this.token = token;
    thread = Thread.ofVirtual().name("subscriber").start(this::run);
  }

  public boolean hasEnded() {
    return collector.hasEnded();
  }

  /// The transcript received so far.
  public ReceivedTranscript transcript() {
    return collector.transcript();
  }

  /// Waits until a gateway answers 204.
  public boolean awaitNoContent(long seconds) throws InterruptedException {
    return noContent.await(seconds, TimeUnit.SECONDS);
  }

  private void run() {
    try {
      while (noContent.getCount() > 0) {
        connect();
        Thread.sleep(RETRY_MILLIS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void connect() throws InterruptedException {
    try {
      HttpResponse<Stream<String>> answer =
          client.send(request(), HttpResponse.BodyHandlers.ofLines());
      try (Stream<String> body = answer.body()) {
        if (answer.statusCode() == 204) {
          noContent.countDown();
        } else if (answer.statusCode() == 200) {
          body.forEach(new SseParser(this::event)::line);
        }
      }
    } catch (IOException | UncheckedIOException _) {
      // The gateway is not reachable; an EventSource retries too.
    }
  }

  private HttpRequest request() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.get())
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream");
    return (lastId.isEmpty() ? request : request.header("Last-Event-ID", lastId)).build();
  }

  private void event(SseParser.Event event) {
    collector.accept(event.name(), JsonMapper.shared().readTree(event.data()));
    lastId = event.id().isEmpty() ? lastId : event.id();
    if (event.name().equals("final")) {
      onFinal.run();
    }
  }

  /// Stops reading.
  @Override
  public void close() {
    thread.interrupt();
  }
}
