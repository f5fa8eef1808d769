package io.verbatim.ingest.auth;

import io.verbatim.tokens.client.TrustedProxies;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// What a caller shows of itself before the upgrade.
///
/// @param authorization the `Authorization` header
/// @param pathToken the path segment behind `/v1/ingest/`
/// @param queryToken `?token=`, which counts only where there is no socket to wait for a start
/// @param upgrade whether a WebSocket is asked for
/// @param peer who opened the connection
/// @param forwardedFor the `X-Forwarded-For` headers
public record Handshake(
    Optional<String> authorization,
    Optional<String> pathToken,
    Optional<String> queryToken,
    boolean upgrade,
    InetAddress peer,
    List<String> forwardedFor) {
  public Handshake {
    forwardedFor = List.copyOf(forwardedFor);
  }

  /// Whose handshake it is: what a trusted proxy forwards that is no address is the proxy's own.
  public InetAddress client(TrustedProxies proxies) {
    return proxies.caller(peer, forwardedFor).orElse(peer);
  }

  /// Says nothing of what was shown.
  @Override
  public String toString() {
    return "Handshake[***]";
  }
}
