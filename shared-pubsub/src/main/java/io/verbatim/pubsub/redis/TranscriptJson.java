package io.verbatim.pubsub.redis;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The JSON inside transcript entries and the register. Reading throws [IllegalArgumentException]
/// for what is not ours.
final class TranscriptJson {

  /// The body of a gap entry.
  record GapBody(long startMs, long endMs, String reason) {}

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              include -> include.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private TranscriptJson() {}

  static byte[] write(Object body) {
    return MAPPER.writeValueAsBytes(body);
  }

  static Speech speech(String json) {
    return read(json, Speech.class);
  }

  static GapBody gap(String json) {
    return read(json, GapBody.class);
  }

  static RecognizerStatus recognizerStatus(String json) {
    return read(json, RecognizerStatus.class);
  }

  private static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a " + type.getSimpleName(), e);
    }
  }
}
