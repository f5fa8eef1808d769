package io.verbatim.ingest.auth;

import static io.verbatim.ingest.auth.AuthResult.Rejected.unauthorized;

import io.verbatim.ingest.auth.AuthResult.Accepted;
import io.verbatim.ingest.auth.Caller.Exotel;
import io.verbatim.ingest.auth.Caller.Proof;
import io.verbatim.ingest.auth.Caller.UnprovenExotel;
import io.verbatim.tokens.TokenVerifier;
import io.verbatim.tokens.client.TrustedProxies;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Decides from a handshake who is let in, and by which dialect.
///
/// What is shown is what is checked: a wrong token is refused even where another proof, or none,
/// would have done, so that a mistake in a configuration is noticed.
public final class StreamAuthenticator {
  private final Optional<JwtAuthenticator> jwt;
  private final Optional<ExotelCredentials> exotel;
  private final TrustedProxies proxies;

  /// @param jwt absent where no key is configured
  /// @param exotel absent where Exotel is not supported
  public StreamAuthenticator(
      Optional<TokenVerifier> jwt, Optional<ExotelCredentials> exotel, TrustedProxies proxies) {
    this.jwt = jwt.map(JwtAuthenticator::new);
    this.exotel = exotel;
    this.proxies = proxies;
  }

  /// Decides. Fails only where a token's keys cannot be had.
  public CompletionStage<AuthResult> authenticate(Handshake handshake) {
    String authorization = handshake.authorization().orElse("").strip();
    int space = authorization.indexOf(' ');
    String scheme =
        (space < 0 ? authorization : authorization.substring(0, space)).toLowerCase(Locale.ROOT);
    String credentials = space < 0 ? "" : authorization.substring(space + 1).strip();
    if (scheme.equals("bearer")) {
      return bearer(credentials);
    }
    return CompletableFuture.completedFuture(
        exotel
            .map(credentialsOfExotel -> exotel(credentialsOfExotel, handshake, scheme, credentials))
            .orElseGet(() -> withoutExotel(scheme)));
  }

  private CompletionStage<AuthResult> bearer(String token) {
    if (jwt.isEmpty()) {
      return CompletableFuture.completedFuture(
          unauthorized("tokens_not_configured", "No key for tokens is configured here."));
    }
    if (token.isEmpty()) {
      return CompletableFuture.completedFuture(
          unauthorized("no_token", "The Authorization header holds no token."));
    }
    return jwt.get().authenticate(token);
  }

  private static AuthResult withoutExotel(String scheme) {
    return scheme.equals("basic")
        ? unauthorized("exotel_not_supported", "SUPPORT_EXOTEL is not true here.")
        : unauthorized("no_token", "Show Authorization: Bearer <token>.");
  }

  private AuthResult exotel(
      ExotelCredentials exotel, Handshake handshake, String scheme, String credentials) {
    if (scheme.equals("basic") && (exotel.hasBasic() || !exotel.open())) {
      return exotel.basicMatches(credentials)
          ? accepted(Proof.BASIC)
          : unauthorized("bad_credentials", "The user name or the password is wrong.");
    }
    if (!scheme.isEmpty() && !scheme.equals("basic")) {
      return unauthorized("bad_scheme", "The Authorization header is neither Bearer nor Basic.");
    }
    Optional<String> pathToken = handshake.pathToken();
    if (pathToken.isPresent() && (exotel.pathToken().isSet() || !exotel.open())) {
      return exotel.pathMatches(pathToken.get())
          ? accepted(Proof.PATH)
          : unauthorized("bad_path_token", "The path's token is wrong.");
    }
    return withoutProofShown(exotel, handshake);
  }

  private AuthResult withoutProofShown(ExotelCredentials exotel, Handshake handshake) {
    boolean addressAllowed =
        proxies
            .caller(handshake.peer(), handshake.forwardedFor())
            .map(caller -> exotel.allowed().stream().anyMatch(range -> range.contains(caller)))
            .orElse(false);
    if (addressAllowed) {
      return accepted(Proof.ADDRESS);
    }
    if (exotel.open()) {
      return accepted(Proof.NOTHING);
    }
    if (exotel.startToken().isSet()) {
      return byStartToken(exotel.startToken(), handshake);
    }
    return exotel.allowed().isEmpty()
        ? unauthorized("no_token", "Nothing was shown that proves who calls.")
        : unauthorized("address_not_allowed", "The address is not in EXOTEL_ALLOWED_IPS.");
  }

  /// A socket may bring the token in its `start`; a plain request has only its query.
  private static AuthResult byStartToken(Secret startToken, Handshake handshake) {
    if (handshake.upgrade()) {
      return new Accepted(new UnprovenExotel(startToken));
    }
    if (handshake.queryToken().isEmpty()) {
      return unauthorized("no_token", "Without a socket, ?token= must hold the start token.");
    }
    return startToken.matches(handshake.queryToken().get())
        ? accepted(Proof.START_TOKEN)
        : unauthorized("bad_start_token", "The start token is wrong.");
  }

  private static AuthResult accepted(Proof proof) {
    return new Accepted(new Exotel(proof));
  }
}
