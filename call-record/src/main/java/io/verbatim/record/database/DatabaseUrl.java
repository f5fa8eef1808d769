package io.verbatim.record.database;

import io.verbatim.service.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The address of a database, parsed from `DATABASE_URL`.
///
/// Accepts the forms that platforms provide:
/// `postgres://user:password@host:port/name?sslmode=require`, the same with `postgresql://`, and
/// `jdbc:postgresql:` or `jdbc:h2:` URLs.
///
/// @param jdbcUrl may contain a password
/// @param user null if the URL names none
public record DatabaseUrl(Dialect dialect, Secret jdbcUrl, @Nullable String user, Secret password) {

  private static final int DEFAULT_PORT = 5432;
  private static final String FORMS =
      "DATABASE_URL must be postgres://user:password@host:port/name, a jdbc:postgresql: or a"
          + " jdbc:h2: URL";

  /// libpq's parameters, with the JDBC driver's names for them.
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "sslmode", "sslmode",
          "sslrootcert", "sslrootcert",
          "channel_binding", "channelBinding",
          "application_name", "ApplicationName",
          "options", "options");

  /// H2 as close to Postgres as it can be.
  private static final String H2_MODE =
      ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";

  /// Parses an address.
  ///
  /// @throws IllegalArgumentException if it is invalid; the message names `DATABASE_URL` and
  ///   contains no part of its value except the name of a parameter
  public static DatabaseUrl parse(String url) {
    if (url.startsWith("jdbc:h2:")) {
      String mode = url.contains(";MODE=") ? "" : H2_MODE;
      return new DatabaseUrl(Dialect.H2, new Secret(url + mode), null, new Secret(""));
    }
    if (url.startsWith("jdbc:postgresql:")) {
      return new DatabaseUrl(Dialect.POSTGRES, new Secret(url), null, new Secret(""));
    }
    if (url.startsWith("postgres://") || url.startsWith("postgresql://")) {
      return ofUri(url);
    }
    throw new IllegalArgumentException(FORMS);
  }

  private static DatabaseUrl ofUri(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException _) {
      throw invalid();
    }
    String path = uri.getRawPath();
    if (uri.getHost() == null || path == null || path.length() < 2) {
      throw invalid();
    }
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    String query =
        parameters(uri.getRawQuery()).entrySet().stream()
            .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
    String jdbc = "jdbc:postgresql://" + uri.getHost() + ":" + port + path;
    String info = uri.getRawUserInfo();
    if (info == null) {
      return new DatabaseUrl(Dialect.POSTGRES, new Secret(jdbc + query), null, new Secret(""));
    }
    int colon = info.indexOf(':');
    String user = decode(colon < 0 ? info : info.substring(0, colon));
    String password = colon < 0 ? "" : decode(info.substring(colon + 1));
    return new DatabaseUrl(Dialect.POSTGRES, new Secret(jdbc + query), user, new Secret(password));
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = decode(equals < 0 ? part : part.substring(0, equals));
      String known = PARAMETERS.get(name);
      if (known == null) {
        throw new IllegalArgumentException(
            "DATABASE_URL has a parameter \"%s\" that is not supported: use %s, or a jdbc: URL"
                .formatted(
                    name.substring(0, Math.min(name.length(), 40)),
                    PARAMETERS.keySet().stream().sorted().collect(Collectors.joining(", "))));
      }
      parameters.put(known, equals < 0 ? "" : decode(part.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      // In the user information a plus sign is no space.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw invalid();
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException(
        FORMS + ", with special characters of the user and the password percent-encoded");
  }
}
