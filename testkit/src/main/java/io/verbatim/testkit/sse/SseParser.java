package io.verbatim.testkit.sse;

import java.util.function.Consumer;

/// Parses one stream of server-sent events as a browser does, except that comments and `retry` are
/// ignored, and lines end with a line feed. Not thread-safe.
public final class SseParser {

  /// One event.
  ///
  /// @param name `message` if the event has no name
  /// @param id the event's own id; empty if it has none
  /// @param data the lines of its data, joined by line feeds
  public record Event(String name, String id, String data) {}

  private final Consumer<Event> events;
  private final StringBuilder pending = new StringBuilder();
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private String id = "";

  /// @param events receives each event that has data
  public SseParser(Consumer<Event> events) {
    this.events = events;
  }

  /// Reads a part of the stream, which may end within a line.
  public void text(String part) {
    pending.append(part);
    int start = 0;
    for (int end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n", start)) {
      line(pending.substring(start, end));
      start = end + 1;
    }
    pending.delete(0, start);
  }

  /// Reads a line without its line feed.
  public void line(String line) {
    if (line.isEmpty()) {
      dispatch();
      return;
    }
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    switch (field) {
      case "event" -> name = value;
      case "id" -> id = value;
      case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
      default -> {} // a comment, or a field that no test needs
    }
  }

  private void dispatch() {
    if (!data.isEmpty()) {
      events.accept(new Event(name.isEmpty() ? "message" : name, id, data.toString()));
    }
    name = "";
    id = "";
    data.setLength(0);
  }
}
