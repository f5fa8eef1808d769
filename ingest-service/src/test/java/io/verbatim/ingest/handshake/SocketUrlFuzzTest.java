package io.verbatim.ingest.handshake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.ingest.auth.Caller.Proof;
import io.verbatim.ingest.auth.Handshake;
import io.verbatim.testkit.fuzz.Assertion;
import java.net.InetAddress;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/// The URL that Exotel is asked to open, built from the credentials of its request.
public class SocketUrlFuzzTest {
  private static final String HOST = "in.example.com";
  private static final InetAddress PEER = InetAddress.ofLiteral("203.0.113.9");

  /// Builds URLs from one part a line: a path token, a query token, a user, a sample rate and a
  /// language. Every URL leads to this service.
  @FuzzTest
  public void urls(byte[] input) {
    String[] lines = new String(input, UTF_8).split("\n", 5);
    String pair = "u" + line(lines, 2) + ":";
    Handshake handshake =
        new Handshake(
            Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8))),
            Optional.empty(),
            Optional.of(line(lines, 0)),
            Optional.of(line(lines, 1)),
            false,
            PEER,
            Optional.of(PEER));
    Map<String, String> kept = Map.of("sample-rate", line(lines, 3), "lang", line(lines, 4));
    for (Proof proof : Proof.values()) {
      URI url = URI.create(SocketUrl.of("wss://" + HOST, handshake, Optional.of(proof), kept));
      Assertion.check(HOST.equals(url.getHost()) && url.getPort() == -1, "a URL of another host");
      Assertion.check(url.getRawPath().startsWith("/v1/ingest"), "a URL of another path");
      Assertion.check(url.getFragment() == null, "a URL with a fragment");
    }
  }

  private static String line(String[] lines, int index) {
    return index < lines.length ? lines[index] : "";
  }
}
