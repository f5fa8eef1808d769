package io.verbatim.ingest.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.security.client.AddressRange;
import io.verbatim.service.Secret;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The configured credentials of Exotel, of up to four kinds, and whether callers without any are
/// accepted.
///
/// @param open `EXOTEL_AUTH=none`
public record ExotelCredentials(
    String username,
    Secret password,
    Secret pathToken,
    List<AddressRange> allowed,
    Secret startToken,
    boolean open) {
  public ExotelCredentials {
    allowed = List.copyOf(allowed);
  }

  boolean hasBasic() {
    return !username.isEmpty() && password.isSet();
  }

  /// Compares an `Authorization: Basic` value. User name and password are each compared in constant
  /// time.
  boolean basicMatches(String credentials) {
    Optional<String> decoded = decode(credentials);
    int colon = decoded.map(pair -> pair.indexOf(':')).orElse(-1);
    String user = colon < 0 ? "" : decoded.orElse("").substring(0, colon);
    String givenPassword = colon < 0 ? "" : decoded.orElse("").substring(colon + 1);
    boolean userMatches = new Secret(username).matches(user);
    boolean passwordMatches = password.matches(givenPassword);
    return hasBasic() && userMatches && passwordMatches;
  }

  /// Compares a path's token. Characters after it are ignored, because some Exotel flows corrupt
  /// them.
  boolean pathMatches(String token) {
    int end = 0;
    while (end < token.length() && isTokenCharacter(token.charAt(end))) {
      end++;
    }
    boolean asWritten = pathToken.matches(token);
    return pathToken.matches(token.substring(0, end)) || asWritten;
  }

  private static boolean isTokenCharacter(char c) {
    return (c < 128 && Character.isLetterOrDigit(c)) || c == '-' || c == '_';
  }

  private static Optional<String> decode(String credentials) {
    try {
      return Optional.of(new String(Base64.getDecoder().decode(credentials.strip()), UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
