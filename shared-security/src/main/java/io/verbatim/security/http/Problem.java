package io.verbatim.security.http;

/// A problem of a request, as in RFC 9457. [ProblemWriter] adds the title of its status.
///
/// @param code the reason for programs and counters, stable; empty if it has none
/// @param detail the reason for people, in one or two sentences; never contains a credential
/// @param parameter the invalid query parameter; empty if there is none
public record Problem(int status, String code, String detail, String parameter) {
  private static final int MAX_SHOWN = 60;

  public static Problem of(int status, String detail) {
    return new Problem(status, "", detail, "");
  }

  public static Problem named(int status, String code, String detail) {
    return new Problem(status, code, detail, "");
  }

  /// 400: a query parameter has an invalid value.
  public static Problem parameter(String name, String value, String allowed) {
    String detail =
        "The parameter %s=\"%s\" is invalid. Use %s.".formatted(name, shown(value), allowed);
    return new Problem(400, "", detail, name);
  }

  /// A client's value, cut to a bounded length.
  public static String shown(String value) {
    return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "…";
  }
}
