package io.verbatim.security.http;

import java.net.InetAddress;
import java.util.Map;
import java.util.Objects;

/// The client of a request, before authentication.
///
/// @param address the client's address, if needed as reported by trusted proxies
/// @param tls whether the client uses TLS to the service or to a trusted proxy
public record Client(InetAddress address, boolean tls) {

  private static final String ATTRIBUTE = Client.class.getName();

  /// The client of the request whose attributes these are.
  public static Client of(Map<String, Object> attributes) {
    return (Client) Objects.requireNonNull(attributes.get(ATTRIBUTE));
  }

  void storeIn(Map<String, Object> attributes) {
    attributes.put(ATTRIBUTE, this);
  }
}
