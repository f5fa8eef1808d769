package io.verbatim.gateway.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// Encodes JSON on one line, with fields in declaration order and times in ISO 8601.
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  private Json() {}

  /// Encodes a view by way of a string, in which an unpaired surrogate becomes a question mark.
  /// Encoding directly to bytes fails on it.
  public static byte[] bytes(Object view) {
    return MAPPER.writeValueAsString(view).getBytes(UTF_8);
  }
}
