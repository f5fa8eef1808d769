package io.verbatim.ingest.exotel;

import java.util.Locale;

/// What an Exotel stream may do against its documents without ending the call. Each is counted.
public enum ProtocolViolation {
  /// Text that is no JSON object.
  BAD_JSON,
  /// A payload that is not base64.
  BAD_BASE64,
  /// A media event without audio.
  EMPTY_PAYLOAD,
  /// A payload over the largest documented size.
  PAYLOAD_TOO_LARGE,
  /// A part of a sample at the end of a payload.
  PARTIAL_SAMPLE,
  /// A payload that looks like JSON, and may well be audio.
  JSON_PAYLOAD,
  /// Numbered as one that arrived before.
  DUPLICATE,
  /// Numbered below one that arrived before, and new.
  OUT_OF_ORDER,
  /// A chunk number that never arrived.
  MISSING_CHUNK,
  /// The numbers have started again.
  RENUMBERED,
  /// Of another stream than this connection's.
  FOREIGN_STREAM,
  /// Media before `start` beyond what is held.
  MEDIA_BEFORE_START,
  /// Media behind `stop`.
  MEDIA_AFTER_STOP,
  /// A second `start` of the same stream.
  SECOND_START,
  /// A second `stop`, or one without a stream.
  SECOND_STOP,
  /// A binary frame.
  BINARY_FRAME,
  /// An undocumented event, once per name.
  UNKNOWN_EVENT,
  /// An undocumented field, once per name.
  UNKNOWN_FIELD,
  /// An undocumented encoding, read as linear 16 bit.
  UNKNOWN_ENCODING,
  /// Bytes and timestamps of a second's frames that contradict the stated format.
  FORMAT_CONTRADICTED,
  /// An unreadable sample rate, read as 8 kHz.
  BAD_SAMPLE_RATE;

  /// The name the counter's tag has.
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
