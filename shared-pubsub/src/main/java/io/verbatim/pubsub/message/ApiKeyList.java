package io.verbatim.pubsub.message;

import java.util.Collection;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The JSON of published API keys: an array. 10,000 keys take some milliseconds, so call it off the
/// event loop.
public final class ApiKeyList {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ApiKeyList() {}

  public static String encode(Collection<PublishedApiKey> keys) {
    return MAPPER.writeValueAsString(keys);
  }

  /// Throws [IllegalArgumentException] for invalid input.
  public static List<PublishedApiKey> decode(String json) {
    try {
      return List.of(MAPPER.readValue(json, PublishedApiKey[].class));
    } catch (JacksonException | NullPointerException invalid) {
      throw new IllegalArgumentException("the published API keys cannot be read", invalid);
    }
  }
}
