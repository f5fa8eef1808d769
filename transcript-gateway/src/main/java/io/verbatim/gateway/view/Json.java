package io.verbatim.gateway.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// How this gateway writes JSON: fields in the order they are declared, times in ISO 8601, one
/// line.
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  private Json() {}

  /// By way of a text: half a character becomes a question mark there, where written as bytes at
  /// once it would fail, and with it what everybody waits for.
  public static byte[] bytes(Object view) {
    return MAPPER.writeValueAsString(view).getBytes(UTF_8);
  }
}
