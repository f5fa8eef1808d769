package io.verbatim.ingest.audiostream;

import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.auth.StreamAuthenticator;
import io.verbatim.security.http.AuthResult;
import io.verbatim.security.http.AuthResult.Accepted;
import io.verbatim.security.http.AuthResult.Rejected;
import io.verbatim.security.http.Problem;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Authenticates callers of audio streams by their JWT or their API key, with the sentences of the
/// previous system. The codes are those of the other paths.
public final class AudioStreamAuthenticator {
  private static final String SCHEME = "bearer ";
  private static final Problem NO_TOKEN =
      Problem.named(401, "no_token", "Connection rejected: No authentication token provided");

  private final StreamAuthenticator authenticator;

  public AudioStreamAuthenticator(StreamAuthenticator authenticator) {
    this.authenticator = authenticator;
  }

  /// Authenticates. Fails only if a token's keys are unavailable.
  ///
  /// @param apiKey used if there is no token
  public CompletionStage<AuthResult<Caller>> authenticate(
      Optional<String> token, Optional<String> apiKey) {
    return token
        .filter(given -> !given.isBlank())
        .map(given -> authenticator.authenticateToken(given).thenApply(this::named))
        .orElseGet(() -> CompletableFuture.completedFuture(byKey(apiKey)));
  }

  private AuthResult<Caller> byKey(Optional<String> apiKey) {
    return apiKey
        .map(String::strip)
        .filter(given -> !given.isEmpty())
        .map(given -> named(authenticator.authenticateKey(given)))
        .orElseGet(() -> new Rejected<>(NO_TOKEN));
  }

  private AuthResult<Caller> named(AuthResult<Caller> result) {
    return switch (result) {
      case Accepted<Caller> accepted -> accepted;
      case Rejected<Caller>(Problem problem) ->
          new Rejected<>(
              Problem.named(
                  problem.status(),
                  problem.code(),
                  "Connection rejected: "
                      + (problem.status() == 401
                          ? "Invalid or expired authentication token"
                          : problem.detail())));
    };
  }

  /// The token of an `Authorization` header; empty if the header has another scheme.
  public static Optional<String> bearer(Optional<String> authorization) {
    return authorization
        .map(String::strip)
        .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .map(header -> header.substring(SCHEME.length()).strip());
  }
}
