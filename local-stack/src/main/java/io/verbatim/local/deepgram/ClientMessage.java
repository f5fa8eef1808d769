package io.verbatim.local.deepgram;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A text message of the client.
sealed interface ClientMessage {

  /// Keeps the session open.
  record KeepAlive() implements ClientMessage {}

  /// Requests all pending results; more audio will follow.
  record Finalize() implements ClientMessage {}

  /// Requests all pending results; no more audio will follow.
  record CloseStream() implements ClientMessage {}

  /// Any other message. It resets the idle timeout and has no other effect.
  record Unknown(String type) implements ClientMessage {}

  static ClientMessage decode(String text) {
    String type;
    try {
      type = JsonMapper.shared().readTree(text).path("type").asString("");
    } catch (JacksonException e) {
      return new Unknown("");
    }
    return switch (type) {
      case "KeepAlive" -> new KeepAlive();
      case "Finalize" -> new Finalize();
      case "CloseStream" -> new CloseStream();
      default -> new Unknown(type);
    };
  }
}
