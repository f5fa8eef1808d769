package io.verbatim.pubsub.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// The JSON of transcript entries and the live state. Decoding throws [IllegalArgumentException]
/// for invalid input.
///
/// Public for its benchmark. Other packages read and write entries through the bus.
public final class TranscriptJson {

  /// The body of a gap entry.
  record GapBody(long startMs, long endMs, String reason) {}

  private static final StreamReadConstraints BOUNDS =
      StreamReadConstraints.builder()
          .maxNestingDepth(16)
          .maxNumberLength(100)
          .maxNameLength(256)
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(BOUNDS)
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .build())
          .changeDefaultPropertyInclusion(
              include -> include.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private TranscriptJson() {}

  /// Initialises reading and writing, so that no call waits for it.
  static void prepare() {
    Speech words =
        new Speech(
            "0-0",
            0,
            1,
            "one",
            1,
            null,
            0,
            null,
            List.of(new Speech.Word("one", 0, 1, 1)),
            "none",
            0,
            0,
            false);
    speech(new String(write(words), UTF_8));
  }

  /// Encodes through a string: an unpaired surrogate, which a peer's escape can produce, becomes a
  /// question mark, but would fail if encoded to bytes directly.
  public static byte[] write(Object body) {
    return MAPPER.writeValueAsString(body).getBytes(UTF_8);
  }

  /// Decodes the words of a final or an interim.
  public static Speech speech(String json) {
    Speech speech = read(json, Speech.class);
    checked(speech.segment());
    checked(speech.text());
    checked(speech.recognizer());
    speech.words().forEach(word -> checked(word.text()));
    return speech;
  }

  static GapBody gap(String json) {
    GapBody gap = read(json, GapBody.class);
    checked(gap.reason());
    return gap;
  }

  static RecognizerStatus recognizerStatus(String json) {
    RecognizerStatus status = read(json, RecognizerStatus.class);
    if (status.state() == null) {
      throw new IllegalArgumentException("a recogniser status has no state");
    }
    checked(status.recognizer());
    checked(status.reason());
    return status;
  }

  private static <T> T read(String json, Class<T> type) {
    @Nullable T body;
    try {
      body = MAPPER.readValue(json, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a " + type.getSimpleName(), e);
    }
    if (body == null) {
      throw new IllegalArgumentException("not a " + type.getSimpleName());
    }
    return body;
  }

  private static void checked(@Nullable String text) {
    if (text == null) {
      throw new IllegalArgumentException("a required text is missing");
    }
  }
}
