package io.verbatim.ingest.exotel;

import io.verbatim.ingest.exotel.ExotelMessage.MediaFormat;
import io.verbatim.ingest.exotel.ExotelMessage.Start;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An interpreted `start`: the call, its tenant and its format.
///
/// @param callSid as received, not yet validated as a call id; empty if absent
/// @param violations the fields that were replaced by a default
public record ExotelStart(
    @Nullable String streamSid,
    String callSid,
    String tenant,
    @Nullable String from,
    @Nullable String to,
    @Nullable String language,
    AudioFormat format,
    Map<String, String> customParameters,
    List<ProtocolViolation> violations) {
  private static final int DEFAULT_RATE_HZ = 8000;
  private static final int MIN_RATE_HZ = 8000;
  private static final int MAX_RATE_HZ = 48_000;
  private static final Pattern RATE =
      Pattern.compile("(\\d{1,6})(?:\\.0+)?\\s*(k?)(?:hz)?", Pattern.CASE_INSENSITIVE);
  private static final List<String> LINEAR =
      List.of("base64", "raw", "slin", "audio/x-raw", "linear", "pcm", "l16");

  public ExotelStart {
    customParameters = Map.copyOf(customParameters);
    violations = List.copyOf(violations);
  }

  /// @param hints sample rate and language to use if `start` has none
  static ExotelStart of(Start start, ExotelHints hints) {
    List<ProtocolViolation> violations = new ArrayList<>();
    MediaFormat media = start.mediaFormat();
    Encoding encoding = encoding(media == null ? null : media.encoding(), violations);
    String statedRate = media == null ? null : media.sampleRate();
    int rate = rate(statedRate != null ? statedRate : hints.sampleRate(), violations);
    Integer channels = media == null ? null : media.channels();
    String language = start.customParameters().get("language");
    return new ExotelStart(
        start.streamSid(),
        firstOf(start.callSid(), start.legSid(), start.streamSid(), ""),
        firstOf(start.accountSid(), "exotel"),
        start.from(),
        start.to(),
        language == null || language.isBlank() ? hints.language() : language.strip(),
        new AudioFormat(encoding, rate, channels != null && channels == 2 ? 2 : 1),
        start.customParameters(),
        violations);
  }

  /// Real calls send `base64`, which means linear 16 bit; documents use a dozen other names for it.
  private static Encoding encoding(@Nullable String stated, List<ProtocolViolation> violations) {
    String name = stated == null ? "" : stated.toLowerCase(Locale.ROOT);
    if (name.contains("mulaw") || name.contains("ulaw") || name.contains("pcmu")) {
      return Encoding.MULAW;
    }
    if (name.contains("alaw") || name.contains("pcma")) {
      return Encoding.ALAW;
    }
    if (!name.isEmpty() && LINEAR.stream().noneMatch(name::contains)) {
      violations.add(ProtocolViolation.UNKNOWN_ENCODING);
    }
    return Encoding.PCM16;
  }

  private static int rate(@Nullable String stated, List<ProtocolViolation> violations) {
    if (stated == null) {
      return DEFAULT_RATE_HZ;
    }
    Matcher rate = RATE.matcher(stated.strip());
    if (rate.matches()) {
      int hertz = Integer.parseInt(rate.group(1)) * (rate.group(2).isEmpty() ? 1 : 1000);
      if (hertz >= MIN_RATE_HZ && hertz <= MAX_RATE_HZ) {
        return hertz;
      }
    }
    violations.add(ProtocolViolation.BAD_SAMPLE_RATE);
    return DEFAULT_RATE_HZ;
  }

  private static String firstOf(@Nullable String... candidates) {
    for (String candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("the last candidate must not be null");
  }

  /// Omits phone numbers and custom parameters.
  @Override
  public String toString() {
    return "ExotelStart[" + callSid + ", " + format + "]";
  }
}
