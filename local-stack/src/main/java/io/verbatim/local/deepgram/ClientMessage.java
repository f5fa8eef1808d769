package io.verbatim.local.deepgram;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a client says in a text frame.
sealed interface ClientMessage {

  /// I am still here.
  record KeepAlive() implements ClientMessage {}

  /// Say what you have; more will follow.
  record Finalize() implements ClientMessage {}

  /// Say what you have; nothing will follow.
  record CloseStream() implements ClientMessage {}

  /// Anything else; it counts as life and changes nothing.
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
