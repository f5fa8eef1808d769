package io.verbatim.ingest.socketio;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Encodes Socket.IO packets of the namespace as Engine.IO messages.
final class SocketIoEncoder {
  /// The only namespace that is served.
  static final String NAMESPACE = "/audio-stream";

  private static final JsonMapper JSON = JsonMapper.shared();

  private SocketIoEncoder() {}

  /// @param sid needs no escaping
  static String connected(String sid) {
    return "40" + NAMESPACE + ",{\"sid\":\"" + sid + "\"}";
  }

  static String rejected(String namespace, String message, String code) {
    ObjectNode error = JSON.createObjectNode().put("message", message);
    error.putObject("data").put("code", code);
    return "44" + (namespace.equals("/") ? "" : namespace + ",") + JSON.writeValueAsString(error);
  }

  static String event(String event, ObjectNode fields) {
    return "42"
        + NAMESPACE
        + ","
        + JSON.writeValueAsString(JSON.createArrayNode().add(event).add(fields));
  }

  static String acknowledged(long ack) {
    return "43" + NAMESPACE + "," + ack + "[]";
  }

  static String disconnected() {
    return "41" + NAMESPACE + ",";
  }
}
