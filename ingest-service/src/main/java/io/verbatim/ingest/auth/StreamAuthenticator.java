package io.verbatim.ingest.auth;

import static io.verbatim.security.http.AuthResult.unauthorized;

import io.verbatim.ingest.auth.Caller.Exotel;
import io.verbatim.ingest.auth.Caller.Proof;
import io.verbatim.ingest.auth.Caller.UnprovenExotel;
import io.verbatim.security.http.AuthResult;
import io.verbatim.security.http.AuthResult.Accepted;
import io.verbatim.security.token.TokenVerifier;
import io.verbatim.service.Secret;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// Authenticates a handshake and selects the caller's dialect.
///
/// Only the credentials sent are checked: a wrong token is rejected even if other credentials, or
/// none, would be accepted, so that a configuration mistake is noticed.
public final class StreamAuthenticator {
  private final Optional<JwtAuthenticator> jwt;
  private final Optional<ExotelCredentials> exotel;
  private final Function<String, AuthResult<Caller>> apiKeys;

  /// @param jwt empty if no key is configured
  /// @param exotel empty if Exotel is not supported
  /// @param apiKeys authenticates the text of an API key
  public StreamAuthenticator(
      Optional<TokenVerifier> jwt,
      Optional<ExotelCredentials> exotel,
      Function<String, AuthResult<Caller>> apiKeys) {
    this.jwt = jwt.map(JwtAuthenticator::new);
    this.exotel = exotel;
    this.apiKeys = apiKeys;
  }

  /// Authenticates. Fails only if a token's keys are unavailable.
  public CompletionStage<AuthResult<Caller>> authenticate(Handshake handshake) {
    String authorization = handshake.authorization().orElse("").strip();
    int space = authorization.indexOf(' ');
    String scheme =
        (space < 0 ? authorization : authorization.substring(0, space)).toLowerCase(Locale.ROOT);
    String credentials = space < 0 ? "" : authorization.substring(space + 1).strip();
    if (scheme.equals("bearer")) {
      return bearer(credentials);
    }
    Optional<String> apiKey = handshake.apiKey().map(String::strip).filter(key -> !key.isEmpty());
    if (scheme.isEmpty() && apiKey.isPresent()) {
      return CompletableFuture.completedFuture(authenticateKey(apiKey.get()));
    }
    return CompletableFuture.completedFuture(
        exotel
            .map(credentialsOfExotel -> exotel(credentialsOfExotel, handshake, scheme, credentials))
            .orElseGet(() -> withoutExotel(scheme)));
  }

  /// Authenticates a caller that shows only a JWT. Fails only if the keys are unavailable.
  public CompletionStage<AuthResult<Caller>> authenticateToken(String token) {
    return bearer(token);
  }

  /// Authenticates a caller that shows only an API key.
  public AuthResult<Caller> authenticateKey(String apiKey) {
    return apiKeys.apply(apiKey);
  }

  private CompletionStage<AuthResult<Caller>> bearer(String token) {
    if (jwt.isEmpty()) {
      return CompletableFuture.completedFuture(
          unauthorized(
              "tokens_not_configured",
              "Bearer tokens are not accepted: no JWT key is configured."));
    }
    if (token.isEmpty()) {
      return CompletableFuture.completedFuture(
          unauthorized(
              "no_token",
              "The Authorization header has no token. Send Authorization: Bearer <token>."));
    }
    return jwt.get().authenticate(token);
  }

  private static AuthResult<Caller> withoutExotel(String scheme) {
    return scheme.equals("basic")
        ? unauthorized(
            "exotel_not_supported",
            "Basic is not accepted: SUPPORT_EXOTEL is not true. Send Authorization: Bearer"
                + " <token>.")
        : unauthorized("no_token", "The request has no token. Send Authorization: Bearer <token>.");
  }

  private AuthResult<Caller> exotel(
      ExotelCredentials exotel, Handshake handshake, String scheme, String credentials) {
    if (scheme.equals("basic") && (exotel.hasBasic() || !exotel.open())) {
      return exotel.basicMatches(credentials)
          ? accepted(Proof.BASIC)
          : unauthorized("bad_credentials", "The user name or the password is wrong.");
    }
    if (!scheme.isEmpty() && !scheme.equals("basic")) {
      return unauthorized(
          "bad_scheme", "The Authorization scheme is not supported. Use Bearer or Basic.");
    }
    Optional<String> pathToken = handshake.pathToken();
    if (pathToken.isPresent() && (exotel.pathToken().isSet() || !exotel.open())) {
      return exotel.pathMatches(pathToken.get())
          ? accepted(Proof.PATH)
          : unauthorized("bad_path_token", "The token in the path is wrong.");
    }
    return withoutCredentials(exotel, handshake);
  }

  private AuthResult<Caller> withoutCredentials(ExotelCredentials exotel, Handshake handshake) {
    boolean addressAllowed =
        handshake
            .caller()
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
        ? unauthorized(
            "no_token",
            "The request has no credentials. Send an Authorization header or a token in the path.")
        : unauthorized(
            "address_not_allowed",
            "The request has no credentials, and your address is not in EXOTEL_ALLOWED_IPS.");
  }

  /// A WebSocket sends the token in its `start`; a plain request sends it in the query.
  private static AuthResult<Caller> byStartToken(Secret startToken, Handshake handshake) {
    if (handshake.upgrade()) {
      return new Accepted<>(new UnprovenExotel(startToken));
    }
    if (handshake.queryToken().isEmpty()) {
      return unauthorized(
          "no_token", "The request has no start token. Without an upgrade, send it as ?token=.");
    }
    return startToken.matches(handshake.queryToken().get())
        ? accepted(Proof.START_TOKEN)
        : unauthorized("bad_start_token", "The token in ?token= is wrong.");
  }

  private static AuthResult<Caller> accepted(Proof proof) {
    return new Accepted<>(new Exotel(proof));
  }
}
