package io.verbatim.ingest.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.fuzz.Claim;
import io.verbatim.ingest.auth.AuthResult.Accepted;
import io.verbatim.ingest.auth.AuthResult.Rejected;
import io.verbatim.tokens.KeysReading;
import io.verbatim.tokens.client.AddressRange;
import io.verbatim.tokens.client.TrustedProxies;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What callers show before they are let in: headers, a path, a query.
public final class CallerReading {
  private static final InetAddress PEER = InetAddress.ofLiteral("10.0.0.1");
  private static final Secret UNGUESSED = new Secret("a secret no input holds \u2620");
  private static final StreamAuthenticator DOOR =
      new StreamAuthenticator(
          Optional.of(KeysReading.verifier()),
          Optional.of(
              new ExotelCredentials(
                  "user",
                  UNGUESSED,
                  UNGUESSED,
                  List.of(AddressRange.parse("203.0.113.7")),
                  UNGUESSED,
                  false)),
          new TrustedProxies(List.of(AddressRange.parse("10.0.0.0/8"))));

  private CallerReading() {}

  /// Reads a handshake: the authorisation, the path's token, the query's, then what was forwarded,
  /// a line each. Nobody is let in whom a proof would have to let in.
  public static void handshake(byte[] input) {
    String[] lines = new String(input, UTF_8).split("\n", 32);
    Handshake handshake =
        new Handshake(
            shown(lines, 0),
            shown(lines, 1),
            shown(lines, 2),
            lines.length % 2 == 0,
            PEER,
            Arrays.stream(lines).skip(3).toList());
    AuthResult result = DOOR.authenticate(handshake).toCompletableFuture().join();
    switch (result) {
      case Accepted(Caller.Exotel(Caller.Proof proof)) ->
          Claim.that(proof == Caller.Proof.ADDRESS, "let in by a proof nobody could show");
      case Accepted(Caller.TokenHolder _) -> Claim.that(false, "let in by a token nobody signed");
      case Accepted(Caller.UnprovenExotel _) -> {}
      case Rejected(int status, _, String detail) ->
          Claim.that(status == 401 && detail.length() < 200, "a refusal that says too much");
    }
  }

  /// Reads a setting's range of addresses.
  public static void addresses(byte[] input) {
    for (String range : new String(input, UTF_8).split(",", 64)) {
      try {
        Claim.that(AddressRange.parse(range).prefixBits() >= 0, "a range without a size");
      } catch (IllegalArgumentException refused) {
        Claim.that(refused.getMessage() != null, "a refusal without a word");
      }
    }
  }

  private static Optional<String> shown(String[] lines, int index) {
    return Optional.ofNullable(index < lines.length ? lines[index] : null)
        .filter(line -> !line.isEmpty());
  }
}
