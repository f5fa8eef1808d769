package io.verbatim.ingest.connection;

/// The close codes this service sends.
public enum CloseCode {
  /// Everything the caller sent is stored.
  NORMAL(1000),
  /// No media, or no answer to a ping.
  GOING_AWAY(1001),
  /// The peer violates RFC 6455.
  PROTOCOL_ERROR(1002),
  /// A binary frame before the start.
  UNSUPPORTED_DATA(1003),
  /// Too many unreadable messages in a row.
  BAD_PAYLOAD(1007),
  /// The start is rejected or missing, a newer connection has the call, or the API key was revoked.
  REFUSED(1008),
  /// A message is too large.
  TOO_BIG(1009),
  /// An internal error: connect again.
  INTERNAL_ERROR(1011),
  /// This instance is shutting down: connect again, to another one.
  SERVICE_RESTART(1012),
  /// A limit is reached: connect again later.
  TRY_AGAIN_LATER(1013);

  private final int code;

  CloseCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
