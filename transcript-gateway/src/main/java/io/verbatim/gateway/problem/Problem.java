package io.verbatim.gateway.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// What is wrong with a request, in the words of RFC 9457.
///
/// @param title the kind of problem, always the same for a status
/// @param code the cause by its name, for programs, where it has one
/// @param detail what it is this time, in a sentence for people
/// @param parameter the query parameter at fault, where it is one
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    int status, String title, @Nullable String code, String detail, @Nullable String parameter) {

  public static Problem of(int status, String detail) {
    return new Problem(status, title(status), null, detail, null);
  }

  public static Problem named(int status, String code, String detail) {
    return new Problem(status, title(status), code, detail, null);
  }

  /// 400: a query parameter has a value that means nothing.
  public static Problem parameter(String name, String rule) {
    return new Problem(400, title(400), null, "The parameter " + name + " " + rule + ".", name);
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad request";
      case 401 -> "Not signed in";
      case 403 -> "Not allowed";
      case 404 -> "Not found";
      case 406 -> "Not acceptable";
      case 413 -> "Too large";
      case 429 -> "Too many requests";
      case 503 -> "Not available at the moment";
      default -> "Failed";
    };
  }
}
