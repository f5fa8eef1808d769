package io.verbatim.ingest.handshake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.ingest.auth.Caller.Proof;
import io.verbatim.ingest.auth.Handshake;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Builds the WebSocket URL for Exotel's dynamic-URL request. The URL contains the credentials of
/// that request, because Exotel opens exactly this URL.
final class SocketUrl {
  private static final String PATH = "/v1/ingest";

  private SocketUrl() {}

  /// @param base `ws(s)://host`, optionally with a path prefix
  /// @param proof how the request authenticated as Exotel; empty for a caller with a JWT, which is
  ///   never put into a URL
  /// @param audioParameters query parameters about the audio
  static String of(
      String base,
      Handshake handshake,
      Optional<Proof> proof,
      Map<String, String> audioParameters) {
    int host = base.indexOf("://") + 3;
    String userInfo = proof.filter(Proof.BASIC::equals).map(_ -> userInfo(handshake)).orElse("");
    String token =
        proof
            .filter(Proof.PATH::equals)
            .flatMap(_ -> handshake.pathToken())
            .map(given -> "/" + encode(given))
            .orElse("");
    Map<String, String> query = new LinkedHashMap<>(audioParameters);
    proof
        .filter(Proof.START_TOKEN::equals)
        .flatMap(_ -> handshake.queryToken())
        .ifPresent(given -> query.put("token", given));
    return base.substring(0, host) + userInfo + base.substring(host) + PATH + token + query(query);
  }

  private static String query(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : query.entrySet().stream()
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  /// Returns `user:password@` from a verified `Authorization: Basic`.
  private static String userInfo(Handshake handshake) {
    String header = handshake.authorization().orElse("").strip();
    String encoded = header.substring(header.indexOf(' ') + 1).strip();
    String pair = new String(Base64.getDecoder().decode(encoded), UTF_8);
    int colon = pair.indexOf(':');
    return encode(pair.substring(0, colon)) + ":" + encode(pair.substring(colon + 1)) + "@";
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
