package io.verbatim.ingest.handshake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.fuzz.Claim;
import io.verbatim.ingest.auth.Caller.Proof;
import io.verbatim.ingest.auth.Handshake;
import java.net.InetAddress;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The URL Exotel is told to open, made of what its request has shown.
public final class UrlReading {
  private static final String HOST = "in.example.com";
  private static final InetAddress PEER = InetAddress.ofLiteral("203.0.113.9");

  private UrlReading() {}

  /// Makes URLs of a path's token, a query's token, a user with a password, a rate and a language,
  /// a line each: whatever they are, they lead to this service.
  public static void urls(byte[] input) {
    String[] lines = new String(input, UTF_8).split("\n", 5);
    String pair = "u" + line(lines, 2) + ":";
    Handshake handshake =
        new Handshake(
            Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8))),
            Optional.of(line(lines, 0)),
            Optional.of(line(lines, 1)),
            false,
            PEER,
            List.of());
    Map<String, String> kept = Map.of("sample-rate", line(lines, 3), "lang", line(lines, 4));
    for (Proof proof : Proof.values()) {
      URI url = URI.create(SocketUrl.of("wss://" + HOST, handshake, Optional.of(proof), kept));
      Claim.that(HOST.equals(url.getHost()) && url.getPort() == -1, "a URL that leads elsewhere");
      Claim.that(url.getRawPath().startsWith("/v1/ingest"), "a URL of another path");
      Claim.that(url.getFragment() == null, "a URL with a fragment");
    }
  }

  private static String line(String[] lines, int index) {
    return index < lines.length ? lines[index] : "";
  }
}
