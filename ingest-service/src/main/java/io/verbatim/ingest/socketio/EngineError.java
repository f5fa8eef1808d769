package io.verbatim.ingest.socketio;

/// The errors of Engine.IO requests, with the codes and messages of the protocol.
enum EngineError {
  TRANSPORT(0, "Transport unknown"),
  SESSION(1, "Session ID unknown"),
  METHOD(2, "Bad handshake method"),
  REQUEST(3, "Bad request"),
  PROTOCOL(5, "Unsupported protocol version");

  private final int code;
  private final String message;

  EngineError(int code, String message) {
    this.code = code;
    this.message = message;
  }

  /// The reason for counters.
  String reason() {
    return this == SESSION ? "unknown_session" : "bad_engine_io";
  }

  String message() {
    return message;
  }

  String json() {
    return "{\"code\":" + code + ",\"message\":\"" + message + "\"}";
  }
}
