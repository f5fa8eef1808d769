package io.verbatim.ingest.exotel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.ingest.connection.FrameJson;
import io.verbatim.ingest.exotel.ExotelMessage.Ignored;
import io.verbatim.ingest.exotel.ExotelMessage.Malformed;
import io.verbatim.ingest.exotel.ExotelMessage.Media;
import io.verbatim.ingest.exotel.ExotelMessage.MediaFormat;
import io.verbatim.ingest.exotel.ExotelMessage.Start;
import io.verbatim.ingest.exotel.ExotelMessage.Stop;
import io.verbatim.ingest.exotel.ExotelMessage.Unknown;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Decodes the text frames of one Exotel connection. Never throws.
///
/// A media event of the usual form is scanned in place; the full parser handles every other text.
/// The full parser is tolerant on purpose: documents, samples and captures of real calls disagree
/// on nearly every spelling and type, and a call rejected for a spelling is lost. Confined to the
/// event loop.
public final class ExotelDecoder {
  static final int MAX_PAYLOAD_BYTES = 100_000;
  static final int MAX_PAYLOAD_CHARS = (MAX_PAYLOAD_BYTES + 2) / 3 * 4;

  private static final byte[] NO_AUDIO = {};

  /// Exotel sends at most three.
  private static final int MAX_PARAMETERS = 16;

  private static final int MAX_PARAMETER_CHARS = 1024;
  private static final Set<String> FRAME_FIELDS =
      Set.of("event", "stream_sid", "streamSid", "sequence_number", "sequenceNumber");
  private static final Set<String> MEDIA_FIELDS = Set.of("chunk", "timestamp", "payload");
  private static final Set<String> START_FIELDS =
      Set.of(
          "stream_sid",
          "streamSid",
          "call_sid",
          "callSid",
          "leg_sid",
          "legSid",
          "account_sid",
          "accountSid",
          "from",
          "to",
          "custom_parameters",
          "customParameters",
          "media_format",
          "mediaFormat");

  private final MediaScanner scanner = new MediaScanner();

  /// Decodes one text frame.
  ///
  /// @param frame the frame's UTF-8 bytes, from index 0; not retained
  /// @param length the number of bytes
  public ExotelMessage decode(byte[] frame, int length) {
    Media media = scanner.scan(frame, length);
    return media != null ? media : parse(new String(frame, 0, length, UTF_8));
  }

  /// Decodes a text frame with the full parser.
  static ExotelMessage parse(String text) {
    return FrameJson.object(text)
        .map(ExotelDecoder::message)
        .orElseGet(() -> new Malformed("not a JSON object"));
  }

  private static ExotelMessage message(JsonNode frame) {
    String event = Fields.text(frame, "event");
    return switch (event == null ? "" : event) {
      case "media" -> media(frame);
      case "start" -> start(frame);
      case "stop" -> stop(frame);
      case "connected", "dtmf", "mark", "clear" -> new Ignored();
      case String other -> new Unknown(other);
    };
  }

  private static Media media(JsonNode frame) {
    JsonNode media = frame.path("media");
    String payload = payload(media.path("payload"));
    byte[] audio = NO_AUDIO;
    ProtocolViolation fault = null;
    if (payload.isEmpty()) {
      fault = ProtocolViolation.EMPTY_PAYLOAD;
    } else if (payload.length() > MAX_PAYLOAD_CHARS) {
      fault = ProtocolViolation.PAYLOAD_TOO_LARGE;
    } else {
      byte[] decoded = ExotelPayload.decode(payload);
      if (decoded == null) {
        fault = ProtocolViolation.BAD_BASE64;
      } else if (decoded.length > MAX_PAYLOAD_BYTES) {
        fault = ProtocolViolation.PAYLOAD_TOO_LARGE;
      } else {
        audio = decoded;
      }
    }
    return new Media(
        streamSid(frame),
        number(frame, "sequence_number", "sequenceNumber"),
        number(media, "chunk"),
        number(media, "timestamp"),
        audio,
        fault,
        Fields.unknown(frame, FRAME_FIELDS, "media", MEDIA_FIELDS));
  }

  /// Returns a payload of another JSON type as its text, which is then decoded as base64.
  private static String payload(JsonNode payload) {
    if (payload.isMissingNode() || payload.isNull()) {
      return "";
    }
    return payload.isString() ? payload.stringValue() : payload.toString();
  }

  private static long number(JsonNode node, String... names) {
    Long number = Fields.number(node, names);
    return number == null ? Media.NONE : number;
  }

  private static Start start(JsonNode frame) {
    JsonNode start = frame.path("start");
    String topLevelSid = streamSid(frame);
    return new Start(
        topLevelSid != null ? topLevelSid : streamSid(start),
        Fields.textIn(frame, "start", "call_sid", "callSid"),
        Fields.textIn(frame, "start", "leg_sid", "legSid"),
        Fields.textIn(frame, "start", "account_sid", "accountSid"),
        Fields.text(start, "from"),
        Fields.text(start, "to"),
        parameters(Fields.first(start, "custom_parameters", "customParameters")),
        mediaFormat(Fields.first(start, "media_format", "mediaFormat")),
        Fields.unknown(frame, FRAME_FIELDS, "start", START_FIELDS));
  }

  /// The first 16 parameters; omits values longer than Exotel allows.
  private static Map<String, String> parameters(JsonNode node) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> parameter : node.properties()) {
      JsonNode raw = parameter.getValue();
      String value = raw.isString() ? raw.stringValue() : raw.toString();
      if (value.length() <= MAX_PARAMETER_CHARS && parameters.size() < MAX_PARAMETERS) {
        parameters.put(parameter.getKey(), value);
      }
    }
    return parameters;
  }

  private static @Nullable MediaFormat mediaFormat(JsonNode node) {
    if (!node.isObject()) {
      return null;
    }
    Long channels = Fields.number(node, "channels");
    return new MediaFormat(
        Fields.text(node, "encoding"),
        Fields.text(node, "sample_rate", "sampleRate"),
        channels == null ? null : Math.clamp(channels, 0, Integer.MAX_VALUE));
  }

  private static Stop stop(JsonNode frame) {
    return new Stop(streamSid(frame), Fields.text(frame.path("stop"), "reason"));
  }

  private static @Nullable String streamSid(JsonNode node) {
    return Fields.text(node, "stream_sid", "streamSid");
  }
}
