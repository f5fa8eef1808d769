package io.verbatim.service;

/// One setting of a service as it is in effect, ready to be shown.
///
/// @param name the environment variable
/// @param value the value; secrets are masked
/// @param source what set it, such as `environment variable`, `file:/etc/verbatim.properties:3` or
///   `default`
/// @param defaultValue the value if nothing sets it
record EffectiveSetting(String name, String value, String source, String defaultValue) {
  static final String DEFAULT = "default";

  /// Whether something set a value that differs from the default.
  boolean isChanged() {
    return !source.equals(DEFAULT) && !value.equals(defaultValue);
  }
}
