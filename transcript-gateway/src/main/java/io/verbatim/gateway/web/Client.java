package io.verbatim.gateway.web;

import java.net.InetAddress;
import java.util.Map;
import java.util.Objects;

/// Who is on the other side of a request, before it has shown anything.
///
/// @param address its own, as far as trusted proxies know it
/// @param tls whether it speaks TLS with us, or with a trusted proxy before us
public record Client(InetAddress address, boolean tls) {

  private static final String ATTRIBUTE = Client.class.getName();

  /// The client of the request whose attributes these are.
  public static Client of(Map<String, Object> attributes) {
    return (Client) Objects.requireNonNull(attributes.get(ATTRIBUTE));
  }

  void noteIn(Map<String, Object> attributes) {
    attributes.put(ATTRIBUTE, this);
  }
}
