package io.verbatim.ingest.websocket;

/// Every code this service closes a socket with.
public enum CloseCode {
  /// Done: everything sent is stored.
  NORMAL(1000),
  /// No media, or a peer that answers no ping.
  GOING_AWAY(1001),
  /// Binary where text was due.
  UNSUPPORTED_DATA(1003),
  /// Too much in a row that could not be read.
  BAD_PAYLOAD(1007),
  /// The start is refused, did not come, or a newer socket has the call.
  REFUSED(1008),
  /// One message was too large.
  TOO_BIG(1009),
  /// Our fault: come again.
  INTERNAL_ERROR(1011),
  /// This instance is being replaced: come again, to another one.
  SERVICE_RESTART(1012),
  /// A limit is reached: come again later.
  TRY_AGAIN_LATER(1013);

  private final int code;

  CloseCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
