package io.verbatim.ingest.exotel;

import java.util.Locale;

/// Deviations of an Exotel stream from its documentation that do not end the call. Each is counted.
public enum ProtocolViolation {
  /// Text that is not a JSON object.
  BAD_JSON,
  /// A payload that is not base64.
  BAD_BASE64,
  /// A media event without audio.
  EMPTY_PAYLOAD,
  /// A payload over the largest documented size.
  PAYLOAD_TOO_LARGE,
  /// A payload that ends with part of a sample.
  PARTIAL_SAMPLE,
  /// A payload that looks like JSON but may be audio.
  JSON_PAYLOAD,
  /// A chunk with the numbers of an earlier one.
  DUPLICATE,
  /// A new chunk with a number below an earlier one.
  OUT_OF_ORDER,
  /// A chunk number that was skipped.
  MISSING_CHUNK,
  /// The chunk numbers have restarted.
  RENUMBERED,
  /// A message of another stream than the open one.
  FOREIGN_STREAM,
  /// Media before `start` beyond the buffer.
  MEDIA_BEFORE_START,
  /// Media after `stop`.
  MEDIA_AFTER_STOP,
  /// A second `start` of the same stream.
  SECOND_START,
  /// A `stop` without an open stream.
  SECOND_STOP,
  /// A binary frame.
  BINARY_FRAME,
  /// An undocumented event, once per name.
  UNKNOWN_EVENT,
  /// An undocumented field, once per name.
  UNKNOWN_FIELD,
  /// An undocumented encoding, read as linear 16 bit.
  UNKNOWN_ENCODING,
  /// Bytes and timestamps of one second that contradict the stated format.
  FORMAT_CONTRADICTED,
  /// An invalid sample rate, replaced by 8 kHz.
  BAD_SAMPLE_RATE;

  /// The value of the counter's tag.
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
