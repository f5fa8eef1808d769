package io.verbatim.ingest.pcm;

import io.verbatim.ingest.connection.FrameJson;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.pcm.PcmMessage.BadStart;
import io.verbatim.ingest.pcm.PcmMessage.Start;
import io.verbatim.ingest.pcm.PcmMessage.Stop;
import io.verbatim.ingest.pcm.PcmMessage.Transcripts;
import io.verbatim.ingest.pcm.PcmMessage.Unknown;
import io.verbatim.ingest.pcm.PcmMessage.Unreadable;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// Decodes one text frame of a pcm caller. Never throws.
///
/// Strict, unlike Exotel's decoder, because pcm callers receive error messages.
public final class PcmDecoder {
  static final List<Integer> SAMPLE_RATES_HZ = List.of(8000, 16_000, 24_000, 48_000);
  private static final int MAX_ENTRY_ID_CHARS = 64;

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
          transcripts(start.path("transcripts"), start.path("transcripts_from")),
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
    if (tenant.length() > CallStart.MAX_TENANT_CHARS) {
      throw bad("tenant_id", "tenant_id has " + tenant.length() + " characters: use at most 128.");
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

  /// Whether the text can be a language of a call.
  static boolean isLanguage(String text) {
    return !text.isBlank() && text.length() <= CallStart.MAX_LANGUAGE_CHARS;
  }

  private static Optional<String> language(JsonNode field) {
    if (field.isMissingNode() || field.isNull()) {
      return Optional.empty();
    }
    if (!field.isString() || field.stringValue().length() > CallStart.MAX_LANGUAGE_CHARS) {
      throw bad(
          "language",
          "language "
              + PcmAnswers.quote(field.toString())
              + " is invalid: use a code such as \"en\", at most 32 characters.");
    }
    return Optional.of(field.stringValue().strip()).filter(language -> !language.isEmpty());
  }

  private static Optional<Transcripts> transcripts(JsonNode wanted, JsonNode from) {
    if (!wanted.isMissingNode() && !wanted.isNull() && !wanted.isBoolean()) {
      throw bad(
          "transcripts",
          "transcripts " + PcmAnswers.quote(wanted.toString()) + " is invalid: use true or false.");
    }
    boolean hasFrom = !from.isMissingNode() && !from.isNull();
    if (hasFrom && (!from.isString() || from.stringValue().length() > MAX_ENTRY_ID_CHARS)) {
      throw bad(
          "transcripts_from",
          "transcripts_from "
              + PcmAnswers.quote(from.toString())
              + " is invalid: use the id of the last message that has one.");
    }
    return wanted.asBoolean(false)
        ? Optional.of(new Transcripts(hasFrom ? Optional.of(from.stringValue()) : Optional.empty()))
        : Optional.empty();
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
      throw bad(
          name,
          name + " " + PcmAnswers.quote(field.toString()) + " is invalid: use a non-blank string.");
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

  /// Ends the decoding of a start at its first invalid field. Never leaves this class.
  private static final class BadFieldException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    BadFieldException(Problem problem) {
      super(problem.code(), null, false, false);
      this.problem = problem;
    }
  }
}
