package io.verbatim.tokens.client;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// The proxies whose word about a caller is taken.
///
/// `X-Forwarded-For` is read from the right, for only what a trusted proxy added is known: the
/// first address that is no trusted proxy is the caller, and what stands before it is hearsay.
public record TrustedProxies(List<AddressRange> ranges) {
  /// An IPv6 address with brackets, a scope and a port has room to spare.
  private static final int LONGEST = 100;

  public TrustedProxies {
    ranges = List.copyOf(ranges);
  }

  public boolean trusts(InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  /// The caller's own address; empty where a trusted proxy forwarded something that is none.
  ///
  /// @param peer who opened the connection
  /// @param forwardedFor the `X-Forwarded-For` headers, in their order
  public Optional<InetAddress> caller(InetAddress peer, List<String> forwardedFor) {
    List<String> hops =
        forwardedFor.stream().flatMap(header -> List.of(header.split(",", -1)).stream()).toList();
    InetAddress caller = peer;
    for (int i = hops.size() - 1; i >= 0 && trusts(caller); i--) {
      Optional<InetAddress> hop = literal(hops.get(i).strip());
      if (hop.isEmpty()) {
        return hop;
      }
      caller = hop.get();
    }
    return Optional.of(caller);
  }

  /// An address as proxies write it: plain, `1.2.3.4:5678`, `[::1]` or `[::1]:5678`.
  private static Optional<InetAddress> literal(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    String address = text;
    if (text.startsWith("[") && text.indexOf(']') > 0) {
      address = text.substring(1, text.indexOf(']'));
    } else if (text.indexOf('.') > 0 && text.indexOf(':') > 0 && !text.startsWith(":")) {
      address = text.substring(0, text.indexOf(':'));
    }
    try {
      return Optional.of(InetAddress.ofLiteral(address));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
