package io.verbatim.security.client;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The proxies whose headers about the caller's address are trusted. The caller is the client
/// behind the proxies.
///
/// `X-Forwarded-For` is read from the right, because only the entries that a trusted proxy added
/// are reliable: the first address that is not a trusted proxy is the caller. Entries to its left
/// are ignored. Behind a content delivery network that first address would be an edge server of the
/// network. Such a network sends the caller's address in a header of its own, which it replaces if
/// a client sends it.
///
/// @param clientIpHeader the header that names the caller; if it is missing, `X-Forwarded-For`
///   names it
public record TrustedProxies(List<AddressRange> ranges, Optional<String> clientIpHeader) {
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final String FORWARDED_FOR = "X-Forwarded-For";

  /// Longer than any IPv6 address with brackets, scope and port.
  private static final int MAX_ADDRESS_CHARS = 100;

  public TrustedProxies {
    ranges = List.copyOf(ranges);
  }

  /// Proxies that name the caller in `X-Forwarded-For`.
  public TrustedProxies(List<AddressRange> ranges) {
    this(ranges, Optional.empty());
  }

  /// Checks the setting of the header.
  ///
  /// @param name empty if it is not set
  /// @param anyTrusted whether there are trusted proxies
  /// @throws IllegalArgumentException whose message continues a sentence that begins with the
  ///   setting's name
  public static void checkHeader(String name, boolean anyTrusted) {
    if (!name.isEmpty() && !HEADER.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "must be the name of a header such as CF-Connecting-IP, but is \"" + name + "\"");
    }
    if (!name.isEmpty() && !anyTrusted) {
      throw new IllegalArgumentException("is used only from TRUSTED_PROXIES, which is not set");
    }
  }

  public boolean trusts(InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  /// The caller's address; empty if a trusted proxy forwarded an invalid address.
  ///
  /// @param peer the address that opened the connection
  /// @param headers returns the values of a header, in order
  public Optional<InetAddress> caller(InetAddress peer, Function<String, List<String>> headers) {
    if (!trusts(peer)) {
      return Optional.of(peer);
    }
    List<String> named = clientIpHeader.map(headers).orElse(List.of());
    return named.isEmpty()
        ? forwardedCaller(peer, headers.apply(FORWARDED_FOR))
        : literal(named.getLast().strip());
  }

  private Optional<InetAddress> forwardedCaller(InetAddress peer, List<String> forwardedFor) {
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

  /// Parses an address as proxies write it: plain, `1.2.3.4:5678`, `[::1]` or `[::1]:5678`.
  private static Optional<InetAddress> literal(String text) {
    if (text.length() > MAX_ADDRESS_CHARS) {
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
