package io.verbatim.gateway.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.gateway.view.Json;
import java.io.ByteArrayOutputStream;
import java.time.Duration;

/// Writes events in the form the HTML standard's EventSource reads.
///
/// Data is JSON on one line, in which a line break is always escaped. A line break in a name or an
/// id is refused, since it would let its author write further events.
public final class SseEncoder {

  private static final byte[] DATA = "\ndata: ".getBytes(UTF_8);
  private static final byte[] END = "\n\n".getBytes(UTF_8);

  private SseEncoder() {}

  /// An event that cannot be resumed from.
  public static SseEvent event(String name, Object data) {
    return new SseEvent(body(name, data));
  }

  /// An event that can be resumed from.
  public static SseEvent event(String name, String id, Object data) {
    return new SseEvent(("id: " + checked(id) + "\n").getBytes(UTF_8), body(name, data));
  }

  /// How long a browser waits before it reconnects.
  public static SseEvent retry(Duration delay) {
    return new SseEvent(("retry: " + delay.toMillis() + "\n\n").getBytes(UTF_8));
  }

  /// A comment: it keeps proxies from closing a quiet stream and shows which clients are gone.
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
          "The name or id of an event must not contain a line break.");
    }
    return field;
  }
}
