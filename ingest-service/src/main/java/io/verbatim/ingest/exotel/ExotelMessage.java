package io.verbatim.ingest.exotel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One text frame from Exotel.
///
/// Numbers may be JSON numbers or strings, names snake_case or camelCase. A field that is absent or
/// invalid is null, because nearly every field is optional on the wire.
public sealed interface ExotelMessage {

  /// A stream begins.
  ///
  /// @param unknownFields names of unused fields, for the counters
  record Start(
      @Nullable String streamSid,
      @Nullable String callSid,
      @Nullable String legSid,
      @Nullable String accountSid,
      @Nullable String from,
      @Nullable String to,
      Map<String, String> customParameters,
      @Nullable MediaFormat mediaFormat,
      List<String> unknownFields)
      implements ExotelMessage {
    public Start {
      customParameters = Map.copyOf(customParameters);
      unknownFields = List.copyOf(unknownFields);
    }

    /// Omits phone numbers and custom parameters.
    @Override
    public String toString() {
      return "Start[" + streamSid + ", " + callSid + ", " + mediaFormat + "]";
    }
  }

  /// The audio format in `start`, not interpreted.
  record MediaFormat(
      @Nullable String encoding, @Nullable String sampleRate, @Nullable Integer channels) {}

  /// A chunk of audio.
  ///
  /// Numbers are primitive to save allocations, because every frame creates one message. An absent
  /// or invalid number is [#NONE].
  ///
  /// @param sequence counts all events of the stream
  /// @param chunk counts the media events only
  /// @param timestampMs time since the start of the stream
  /// @param audio the decoded payload, owned by the receiver; empty if it has a fault
  /// @param payloadFault the payload's fault, if any
  /// @param unknownFields names of unused fields, for the counters
  @SuppressWarnings("ArrayRecordComponent")
  record Media(
      @Nullable String streamSid,
      long sequence,
      long chunk,
      long timestampMs,
      byte[] audio,
      @Nullable ProtocolViolation payloadFault,
      List<String> unknownFields)
      implements ExotelMessage {
    /// Represents an absent number.
    public static final long NONE = Long.MIN_VALUE;

    public Media {
      unknownFields = List.copyOf(unknownFields);
    }
  }

  /// The stream ends.
  ///
  /// @param reason free text
  record Stop(@Nullable String streamSid, @Nullable String reason) implements ExotelMessage {}

  /// An event that is not used: `connected`, `dtmf`, `mark` and `clear`.
  record Ignored() implements ExotelMessage {}

  /// An event this version does not know.
  record Unknown(String event) implements ExotelMessage {}

  /// Not a JSON object.
  record Malformed(String cause) implements ExotelMessage {}
}
