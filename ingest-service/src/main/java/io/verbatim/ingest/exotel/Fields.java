package io.verbatim.ingest.exotel;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads fields whose spelling and type vary: returns the first of several names that has a value,
/// and accepts numbers as text.
final class Fields {
  private static final JsonNode MISSING = JsonNodeFactory.instance.missingNode();
  private static final int MAX_UNKNOWN = 8;
  private static final int MAX_UNKNOWN_CHARS = 64;

  /// Longer texts are cut. No id, number or reason is longer, and a text stays in memory as long as
  /// its call.
  private static final int MAX_TEXT_CHARS = 256;

  private Fields() {}

  /// The first of the fields that is present and not null, or a missing node.
  static JsonNode first(JsonNode node, String... names) {
    for (String name : names) {
      JsonNode value = node.path(name);
      if (!value.isMissingNode() && !value.isNull()) {
        return value;
      }
    }
    return MISSING;
  }

  /// The first non-empty text or number under one of the names.
  static @Nullable String text(JsonNode node, String... names) {
    for (String name : names) {
      JsonNode value = node.path(name);
      String text =
          value.isString() ? value.stringValue() : value.isNumber() ? value.toString() : "";
      if (!text.isBlank()) {
        return cut(text.strip(), MAX_TEXT_CHARS);
      }
    }
    return null;
  }

  /// As [#text], first in the frame's body, then in the frame itself.
  static @Nullable String textIn(JsonNode frame, String body, String... names) {
    String inside = text(frame.path(body), names);
    return inside != null ? inside : text(frame, names);
  }

  /// Returns an integer; null for any other value.
  static @Nullable Long number(JsonNode node, String... names) {
    String text = text(node, names);
    if (text == null) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /// The first unknown names in the frame and in its body.
  static List<String> unknown(
      JsonNode frame, Set<String> frameNames, String body, Set<String> bodyNames) {
    List<String> unknown = new ArrayList<>(0);
    for (String name : frame.propertyNames()) {
      if (!frameNames.contains(name) && !name.equals(body) && unknown.size() < MAX_UNKNOWN) {
        unknown.add(cut(name, MAX_UNKNOWN_CHARS));
      }
    }
    for (String name : frame.path(body).propertyNames()) {
      if (!bodyNames.contains(name) && unknown.size() < MAX_UNKNOWN) {
        unknown.add(body + "." + cut(name, MAX_UNKNOWN_CHARS));
      }
    }
    return unknown;
  }

  private static String cut(String text, int maxChars) {
    return text.length() <= maxChars ? text : text.substring(0, maxChars);
  }
}
