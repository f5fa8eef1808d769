package io.verbatim.ingest.audiostream;

import tools.jackson.databind.node.ObjectNode;

/// Encodes the events of `/audio-stream` for one transport: plain WebSocket or Socket.IO.
@FunctionalInterface
public interface EventFormat {

  /// Returns the text message of an event.
  ///
  /// @param event the event's name, which needs no escaping
  String encode(String event, ObjectNode fields);
}
