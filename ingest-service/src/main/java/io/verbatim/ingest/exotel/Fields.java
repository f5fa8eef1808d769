package io.verbatim.ingest.exotel;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads fields whose spelling and type vary: the first name that holds something wins, and a
/// number may be written as text.
final class Fields {
  private static final JsonNode NOTHING =
      tools.jackson.databind.node.JsonNodeFactory.instance.missingNode();
  private static final int MOST_UNKNOWN = 8;
  private static final int LONGEST_UNKNOWN = 64;

  /// Of a longer text only so much is taken: no id, number or reason has more, and a text is kept
  /// for as long as its call.
  private static final int LONGEST_TEXT = 256;

  private Fields() {}

  /// The first of the fields that is present and not null, or a missing node.
  static JsonNode first(JsonNode node, String... names) {
    for (String name : names) {
      JsonNode value = node.path(name);
      if (!value.isMissingNode() && !value.isNull()) {
        return value;
      }
    }
    return NOTHING;
  }

  /// The first non-empty text or number under one of the names.
  static @Nullable String text(JsonNode node, String... names) {
    for (String name : names) {
      JsonNode value = node.path(name);
      String text =
          value.isString() ? value.stringValue() : value.isNumber() ? value.toString() : "";
      if (!text.isBlank()) {
        return cut(text.strip(), LONGEST_TEXT);
      }
    }
    return null;
  }

  /// As [#text], first in the frame's body, then in the frame itself.
  static @Nullable String textIn(JsonNode frame, String body, String... names) {
    String inside = text(frame.path(body), names);
    return inside != null ? inside : text(frame, names);
  }

  /// A whole number, or null for anything else.
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

  /// Names in the frame and in its body beyond those given, the first few.
  static List<String> unknown(
      JsonNode frame, Set<String> frameNames, String body, Set<String> bodyNames) {
    List<String> unknown = new ArrayList<>(0);
    for (String name : frame.propertyNames()) {
      if (!frameNames.contains(name) && !name.equals(body) && unknown.size() < MOST_UNKNOWN) {
        unknown.add(cut(name, LONGEST_UNKNOWN));
      }
    }
    for (String name : frame.path(body).propertyNames()) {
      if (!bodyNames.contains(name) && unknown.size() < MOST_UNKNOWN) {
        unknown.add(body + "." + cut(name, LONGEST_UNKNOWN));
      }
    }
    return unknown;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }
}
