package io.verbatim.ingest.connection;

/// Every code this service closes a connection with.
public enum CloseCode {
  /// Done: everything sent is stored.
  NORMAL(1000),
  /// No media, or a peer that answers no ping.
  GOING_AWAY(1001),
  /// The peer does not keep to RFC 6455.
  PROTOCOL_ERROR(1002),
  /// Binary where text was due.
  UNSUPPORTED_DATA(1003),
  /// Too many unreadable messages in a row.
  BAD_PAYLOAD(1007),
  /// The start is refused or missing, or a newer connection has the call.
  REFUSED(1008),
  /// One message was too large.
  TOO_BIG(1009),
  /// A fault of this service: try again.
  INTERNAL_ERROR(1011),
  /// This instance is being replaced: try again, with another one.
  SERVICE_RESTART(1012),
  /// A limit is reached: try again later.
  TRY_AGAIN_LATER(1013);

  private final int code;

  CloseCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
