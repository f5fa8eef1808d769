package io.verbatim.pubsub.redis;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A reply as nested lists. A script returns a word, then values.
record Reply(List<?> values) {

  /// The first value: a script's result.
  String word() {
    return text(0);
  }

  String text(int index) {
    return asText(values.get(index));
  }

  long number(int index) {
    return Long.parseLong(text(index));
  }

  /// A nested list of fields and values.
  Map<String, String> fields(int index) {
    List<?> flat = (List<?>) values.get(index);
    Map<String, String> fields = LinkedHashMap.newLinkedHashMap(flat.size() / 2);
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      fields.put(asText(flat.get(i)), asText(flat.get(i + 1)));
    }
    return fields;
  }

  /// The whole reply as fields and values, as HGETALL returns them.
  Map<String, byte[]> hash() {
    return hash(values);
  }

  static Map<String, byte[]> hash(List<?> flat) {
    Map<String, byte[]> fields = LinkedHashMap.newLinkedHashMap(flat.size() / 2);
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      fields.put(asText(flat.get(i)), (byte[]) flat.get(i + 1));
    }
    return fields;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(long number) {
    return bytes(Long.toString(number));
  }

  static String asText(Object value) {
    return value instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : value.toString();
  }
}
