package io.verbatim.ingest.exotel;

import java.util.Locale;

/// What an Exotel stream may do against its documents without ending the call. Each is counted.
public enum ExotelOddity {
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
  /// Numbered as one that came before.
  DUPLICATE,
  /// Numbered below one that came before, and new.
  OUT_OF_ORDER,
  /// A number that never came.
  MISSING_CHUNK,
  /// The numbers have begun anew.
  RENUMBERED,
  /// Of another stream than this socket's.
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
  /// An event nobody has documented, once per name.
  UNKNOWN_EVENT,
  /// A field nobody has documented, once per name.
  UNKNOWN_FIELD,
  /// An encoding nobody has documented, taken for linear 16 bit.
  UNKNOWN_ENCODING,
  /// Bytes and timestamps of a second's frames that contradict the stated format.
  FORMAT_CONTRADICTED,
  /// A sample rate nobody can read, taken for 8 kHz.
  BAD_SAMPLE_RATE;

  /// The name the counter's tag has.
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
