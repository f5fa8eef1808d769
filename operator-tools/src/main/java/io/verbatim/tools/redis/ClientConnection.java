package io.verbatim.tools.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One connection in the server's `CLIENT LIST`.
///
/// @param name the client's name, which is the service's; `unnamed` if it has none
/// @param host the client's address without the port
/// @param ageSeconds since it was opened
/// @param idleSeconds since its last command
/// @param isBlocked whether it waits in a blocking command, which no service sends
record ClientConnection(
    long id, String name, String host, long ageSeconds, long idleSeconds, boolean isBlocked) {

  /// Reads the reply of `CLIENT LIST`. Fields that are missing count as empty.
  static List<ClientConnection> parse(String list) {
    return list.lines().filter(line -> !line.isBlank()).map(ClientConnection::parseLine).toList();
  }

  private static ClientConnection parseLine(String line) {
    Map<String, String> fields = new HashMap<>();
    for (String field : line.split(" ", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        fields.put(field.substring(0, equals), field.substring(equals + 1));
      }
    }
    String name = fields.getOrDefault("name", "");
    String address = fields.getOrDefault("addr", "");
    return new ClientConnection(
        number(fields, "id"),
        name.isEmpty() ? "unnamed" : name,
        address.contains(":") ? address.substring(0, address.lastIndexOf(':')) : address,
        number(fields, "age"),
        number(fields, "idle"),
        fields.getOrDefault("flags", "").contains("b"));
  }

  private static long number(Map<String, String> fields, String name) {
    String text = fields.getOrDefault(name, "");
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
