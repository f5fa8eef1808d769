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

/// The URL Exotel is to open, when it asks for one: it carries the proof that was shown, for Exotel
/// opens exactly what it is told.
final class SocketUrl {
  private static final String PATH = "/v1/ingest";

  private SocketUrl() {}

  /// @param base `ws(s)://host`, perhaps with a path before ours
  /// @param proof how the request proved to be Exotel's; none for a caller with a token, which goes
  ///   in no URL
  /// @param kept query parameters that speak of the audio
  static String of(
      String base, Handshake handshake, Optional<Proof> proof, Map<String, String> kept) {
    int host = base.indexOf("://") + 3;
    String userInfo = proof.filter(Proof.BASIC::equals).map(_ -> userInfo(handshake)).orElse("");
    String token =
        proof
            .filter(Proof.PATH::equals)
            .flatMap(_ -> handshake.pathToken())
            .map(shown -> "/" + encode(shown))
            .orElse("");
    Map<String, String> query = new LinkedHashMap<>(kept);
    proof
        .filter(Proof.START_TOKEN::equals)
        .flatMap(_ -> handshake.queryToken())
        .ifPresent(shown -> query.put("token", shown));
    return base.substring(0, host) + userInfo + base.substring(host) + PATH + token + query(query);
  }

  private static String query(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : query.entrySet().stream()
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  /// `user:password@` from an `Authorization: Basic` that has been checked.
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
