package io.verbatim.ingest.pcm;

import io.verbatim.ingest.connection.FrameJson;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.pcm.PcmMessage.BadStart;
import io.verbatim.ingest.pcm.PcmMessage.Start;
import io.verbatim.ingest.pcm.PcmMessage.Stop;
import io.verbatim.ingest.pcm.PcmMessage.Unknown;
import io.verbatim.ingest.pcm.PcmMessage.Unreadable;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import io.verbatim.pubsub.message.CallId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// Reads one text frame of a pcm caller: text in, message out, never an exception.
///
/// Strict where Exotel's decoder is tolerant, for these callers read what we answer.
public final class PcmDecoder {
  static final List<Integer> SAMPLE_RATES_HZ = List.of(8000, 16_000, 24_000, 48_000);
  private static final int LONGEST_TENANT = 128;
  private static final int LONGEST_LANGUAGE = 32;

  private PcmDecoder() {}

  public static PcmMessage decode(String text) {
    return FrameJson.object(text)
        .map(PcmDecoder::decode)
        .orElseGet(() -> new Unreadable("is not a JSON object"));
  }

  private static PcmMessage decode(JsonNode message) {
    JsonNode event = message.path("event");
    if (!event.isString()) {
      return new Unreadable("has no \"event\"");
    }
    return switch (event.stringValue()) {
      case "start" -> start(message);
      case "stop" -> new Stop();
      case String other -> new Unknown(other);
    };
  }

  private static PcmMessage start(JsonNode start) {
    try {
      return new Start(
          call(start.path("interaction_id")),
          tenant(start.path("tenant_id")),
          new AudioFormat(
              encoding(start.path("encoding")),
              sampleRate(start.path("sample_rate")),
              channels(start.path("channels"))),
          language(start.path("language")),
          resumeFrom(start.path("resume_from")));
    } catch (BadFieldException e) {
      return new BadStart(e.problem);
    }
  }

  private static CallId call(JsonNode field) {
    String id = requiredText(field, "interaction_id");
    if (!CallId.isValid(id)) {
      throw bad(
          "interaction_id",
          "interaction_id "
              + PcmAnswers.quote(id)
              + " is invalid: use 1 to 128 letters, digits, '.', '_' or '-'.");
    }
    return new CallId(id);
  }

  private static String tenant(JsonNode field) {
    String tenant = requiredText(field, "tenant_id");
    if (tenant.length() > LONGEST_TENANT) {
      throw bad("tenant_id", "tenant_id is too long: use at most 128 characters.");
    }
    return tenant;
  }

  private static Encoding encoding(JsonNode field) {
    return switch (requiredText(field, "encoding")) {
      case "pcm16" -> Encoding.PCM16;
      case "mulaw" -> Encoding.MULAW;
      case "alaw" -> Encoding.ALAW;
      case String other ->
          throw bad(
              "encoding",
              "encoding "
                  + PcmAnswers.quote(other)
                  + " is not supported: use pcm16, mulaw or alaw.");
    };
  }

  private static int sampleRate(JsonNode field) {
    if (field.isMissingNode()) {
      throw missing("sample_rate");
    }
    if (!isInt(field) || !SAMPLE_RATES_HZ.contains(field.intValue())) {
      throw bad(
          "sample_rate",
          "sample_rate "
              + PcmAnswers.quote(field.toString())
              + " is not supported: use the number 8000, 16000, 24000 or 48000.");
    }
    return field.intValue();
  }

  private static int channels(JsonNode field) {
    if (field.isMissingNode() || field.isNull()) {
      return 1;
    }
    if (!isInt(field) || (field.intValue() != 1 && field.intValue() != 2)) {
      throw bad(
          "channels",
          "channels " + PcmAnswers.quote(field.toString()) + " is not supported: use 1 or 2.");
    }
    return field.intValue();
  }

  private static boolean isInt(JsonNode field) {
    return field.isIntegralNumber() && field.canConvertToInt();
  }

  private static Optional<String> language(JsonNode field) {
    if (field.isMissingNode() || field.isNull()) {
      return Optional.empty();
    }
    if (!field.isString() || field.stringValue().length() > LONGEST_LANGUAGE) {
      throw bad("language", "language is invalid: use a code such as \"en\".");
    }
    return Optional.of(field.stringValue().strip()).filter(language -> !language.isEmpty());
  }

  private static OptionalLong resumeFrom(JsonNode field) {
    if (field.isMissingNode() || field.isNull()) {
      return OptionalLong.empty();
    }
    if (!field.isIntegralNumber() || !field.canConvertToLong() || field.longValue() < 1) {
      throw bad(
          "resume_from",
          "resume_from "
              + PcmAnswers.quote(field.toString())
              + " is invalid: use the number of the first frame without an ack, 1 or more.");
    }
    return OptionalLong.of(field.longValue());
  }

  private static String requiredText(JsonNode field, String name) {
    if (field.isMissingNode() || field.isNull()) {
      throw missing(name);
    }
    if (!field.isString() || field.stringValue().isBlank()) {
      throw bad(name, name + " " + PcmAnswers.quote(field.toString()) + " is invalid: use a text.");
    }
    return field.stringValue();
  }

  private static BadFieldException missing(String name) {
    return new BadFieldException(
        new Problem("missing_" + name, name + " is missing. Send " + PcmAnswers.START_EXAMPLE));
  }

  private static BadFieldException bad(String name, String message) {
    return new BadFieldException(new Problem("bad_" + name, message));
  }

  /// Leaves the reading of a start at its first bad field; never leaves this class.
  private static final class BadFieldException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    BadFieldException(Problem problem) {
      super(problem.code(), null, false, false);
      this.problem = problem;
    }
  }
}
