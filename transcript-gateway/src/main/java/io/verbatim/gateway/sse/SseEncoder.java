package io.verbatim.gateway.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.gateway.json.Json;
import java.io.ByteArrayOutputStream;
import java.time.Duration;

/// Encodes events for EventSource, as the HTML standard defines.
///
/// Data is JSON on one line, in which line breaks are escaped. A line break in a name or an id is
/// refused, because it would allow to inject events.
public final class SseEncoder {

  private static final byte[] DATA = "\ndata: ".getBytes(UTF_8);
  private static final byte[] END = "\n\n".getBytes(UTF_8);

  private SseEncoder() {}

  /// An event without an id, from which a client cannot resume.
  public static SseEvent event(String name, Object data) {
    return new SseEvent(body(name, data));
  }

  /// An event with an id, from which a client can resume.
  public static SseEvent event(String name, String id, Object data) {
    return new SseEvent(("id: " + checked(id) + "\n").getBytes(UTF_8), body(name, data));
  }

  /// The line with the id of an event whose other lines follow.
  static SseEvent idLine(String id) {
    return new SseEvent(("id: " + checked(id) + "\n").getBytes(UTF_8));
  }

  /// An id without an event. A browser resumes from it, and dispatches nothing.
  static SseEvent id(String id) {
    return new SseEvent(("id: " + checked(id) + "\n\n").getBytes(UTF_8));
  }

  /// Sets the time that a browser waits before it reconnects.
  public static SseEvent retry(Duration delay) {
    return new SseEvent(("retry: " + delay.toMillis() + "\n\n").getBytes(UTF_8));
  }

  /// A comment. It prevents proxies from closing an idle stream and detects closed connections.
  public static SseEvent heartbeat() {
    return new SseEvent(":\n\n".getBytes(UTF_8));
  }

  private static byte[] body(String name, Object data) {
    var out = new ByteArrayOutputStream(512);
    out.writeBytes(("event: " + checked(name)).getBytes(UTF_8));
    out.writeBytes(DATA);
    out.writeBytes(Json.bytes(data));
    out.writeBytes(END);
    return out.toByteArray();
  }

  private static String checked(String field) {
    if (field.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
      throw new IllegalArgumentException(
          "The name or id of an event must not contain a line break or NUL.");
    }
    return field;
  }
}
