package io.verbatim.gateway.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a stream of server-sent events as a browser does.
public final class EventReader implements Flow.Subscriber<String>, AutoCloseable {

  /// One event.
  ///
  /// @param id the id it carried itself, empty where it had none
  public record Event(String name, String id, JsonNode data) {
    public String text(String field) {
      return data.path(field).asString("");
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private volatile Flow.@Nullable Subscription subscription;
  private String name = "message";
  private String id = "";
  private String data = "";

  private EventReader() {}

  static EventReader open(HttpClient http, HttpRequest request) {
    EventReader reader = new EventReader();
    http.sendAsync(
            request,
            info -> {
              reader.status.complete(info.statusCode());
              return HttpResponse.BodySubscribers.fromLineSubscriber(reader);
            })
        .whenComplete((_, failure) -> {
          if (failure != null) {
            reader.status.completeExceptionally(failure);
            reader.over.complete(null);
          }
        });
    return reader;
  }

  public int status() {
    return Answers.of(status);
  }

  public List<Event> events() {
    return events;
  }

  /// The events but those that say how the recogniser fares, which come when they come.
  public List<String> names() {
    return events.stream().map(Event::name).filter(n -> !n.equals("status")).toList();
  }

  /// What stands, in order.
  public List<String> finals() {
    return named("final").stream().map(event -> event.text("text")).toList();
  }

  public List<Event> named(String wanted) {
    return events.stream().filter(event -> event.name().equals(wanted)).toList();
  }

  public List<String> lines() {
    return lines;
  }

  public Event awaitEvent(String wanted) {
    await().atMost(PATIENCE).until(() -> !named(wanted).isEmpty());
    return named(wanted).getFirst();
  }

  public EventReader awaitFinals(String... texts) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(finals()).containsExactly(texts));
    return this;
  }

  /// Until the server has closed the stream.
  public EventReader awaitEnd() {
    Answers.of(over.thenApply(_ -> true));
    return this;
  }

  public boolean isOver() {
    return over.isDone();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(String line) {
    lines.add(line);
    if (line.isEmpty()) {
      dispatch();
    } else if (line.startsWith("event: ")) {
      name = line.substring(7);
    } else if (line.startsWith("id: ")) {
      id = line.substring(4);
    } else if (line.startsWith("data: ")) {
      data = line.substring(6);
    }
  }

  private void dispatch() {
    if (!data.isEmpty()) {
      events.add(new Event(name, id, JsonMapper.shared().readTree(data)));
    }
    name = "message";
    id = "";
    data = "";
  }

  @Override
  public void onError(Throwable failure) {
    over.complete(null);
  }

  @Override
  public void onComplete() {
    over.complete(null);
  }

  @Override
  public void close() {
    Flow.Subscription open = subscription;
    if (open != null) {
      open.cancel();
    }
  }
}
