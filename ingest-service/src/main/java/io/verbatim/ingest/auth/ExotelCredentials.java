package io.verbatim.ingest.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.tokens.client.AddressRange;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The four ways Exotel can prove itself, as far as they are configured, and whether the door is
/// open to who shows nothing.
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

  /// Compares an `Authorization: Basic` value, both halves in constant time.
  boolean basicMatches(String credentials) {
    Optional<String> decoded = decode(credentials);
    int colon = decoded.map(pair -> pair.indexOf(':')).orElse(-1);
    String shownUser = colon < 0 ? "" : decoded.orElse("").substring(0, colon);
    String shownPassword = colon < 0 ? "" : decoded.orElse("").substring(colon + 1);
    boolean userMatches = new Secret(username).matches(shownUser);
    boolean passwordMatches = password.matches(shownPassword);
    return hasBasic() && userMatches && passwordMatches;
  }

  /// Compares a path's token. Some of Exotel's flows damage what follows it, which is overlooked.
  boolean pathMatches(String shown) {
    int end = 0;
    while (end < shown.length() && isTokenCharacter(shown.charAt(end))) {
      end++;
    }
    boolean asWritten = pathToken.matches(shown);
    return pathToken.matches(shown.substring(0, end)) || asWritten;
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
