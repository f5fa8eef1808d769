package io.verbatim.gateway.sse;

import java.util.Arrays;
import java.util.List;

/// One event, encoded once and shared by all who watch; nobody writes into its bytes.
///
/// The `id:` line stands apart, since it belongs in the stream of one call but not in a stream of
/// many, where it would name a place in the wrong call.
public final class SseEvent {

  private static final byte[] NO_ID = {};

  private final byte[] id;
  private final byte[] body;

  SseEvent(byte[] id, byte[] body) {
    this.id = id;
    this.body = body;
  }

  SseEvent(byte[] body) {
    this(NO_ID, body);
  }

  /// The event with its id, in the order it goes out; shared, not a copy.
  public List<byte[]> bytes() {
    return id.length == 0 ? List.of(body) : List.of(id, body);
  }

  /// The event without any id; shared, not a copy.
  public List<byte[]> bytesWithoutId() {
    return List.of(body);
  }

  /// Whether the other would look the same on the wire.
  public boolean isSameAs(SseEvent other) {
    return Arrays.equals(id, other.id) && Arrays.equals(body, other.body);
  }

  public int size() {
    return id.length + body.length;
  }
}
