package io.verbatim.ingest.auth;

import java.net.InetAddress;
import java.util.Optional;

/// The parts of a handshake request that authenticate a caller.
///
/// @param authorization the `Authorization` header
/// @param apiKey the `x-api-key` header
/// @param pathToken the path segment after `/v1/ingest/`
/// @param queryToken `?token=`, used only without an upgrade
/// @param upgrade whether the request asks for a WebSocket
/// @param peer the address that opened the connection
/// @param caller the caller's address; empty if trusted proxies reported an invalid one
public record Handshake(
    Optional<String> authorization,
    Optional<String> apiKey,
    Optional<String> pathToken,
    Optional<String> queryToken,
    boolean upgrade,
    InetAddress peer,
    Optional<InetAddress> caller) {

  /// Omits the credentials.
  @Override
  public String toString() {
    return "Handshake[***]";
  }
}
