package io.verbatim.ingest.audiostream;

import tools.jackson.databind.node.ObjectNode;

/// How an event is written on a connection.
@FunctionalInterface
public interface EventFormat {

  /// Returns the text message of an event.
  ///
  /// @param event the event's name, which needs no escaping
  String encode(String event, ObjectNode fields);
}
