package io.verbatim.ingest.exotel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One text frame from Exotel, as far as we understand it.
///
/// Numbers may come as numbers or strings, names in snake_case or camelCase; what is absent or
/// unreadable is null here, for nearly every field is optional on the wire.
public sealed interface ExotelMessage {

  /// A stream begins.
  ///
  /// @param unknownFields names we have no use for, for the counters
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

    /// Names the stream and the call, but no number and no custom parameter.
    @Override
    public String toString() {
      return "Start[" + streamSid + ", " + callSid + ", " + mediaFormat + "]";
    }
  }

  /// What `start` says of the audio, as it says it.
  record MediaFormat(
      @Nullable String encoding, @Nullable String sampleRate, @Nullable Integer channels) {}

  /// A stretch of audio.
  ///
  /// Numbers are primitive and [#NONE] where they are absent or unreadable, for one of these is
  /// made for every frame.
  ///
  /// @param sequence counts all events of the stream
  /// @param chunk counts the media events only
  /// @param timestampMs since the start of the stream
  /// @param audio the decoded payload, handed over; empty where it has a fault
  /// @param payloadFault what is wrong with the payload
  /// @param unknownFields names we have no use for, for the counters
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
    /// Stands for a number that is absent.
    public static final long NONE = Long.MIN_VALUE;

    public Media {
      unknownFields = List.copyOf(unknownFields);
    }
  }

  /// The stream ends.
  ///
  /// @param reason free text
  record Stop(@Nullable String streamSid, @Nullable String reason) implements ExotelMessage {}

  /// An event without a use here: `connected`, `dtmf`, `mark` and `clear`.
  record Ignored() implements ExotelMessage {}

  /// An event this version does not know.
  record Unknown(String event) implements ExotelMessage {}

  /// Not a JSON object.
  record Malformed(String cause) implements ExotelMessage {}
}
