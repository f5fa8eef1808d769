package io.verbatim.gateway.view;

import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// How this gateway writes JSON: fields in the order they are declared, times in ISO 8601, one
/// line.
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  private Json() {}

  public static byte[] bytes(Object view) {
    return MAPPER.writeValueAsBytes(view);
  }
}
