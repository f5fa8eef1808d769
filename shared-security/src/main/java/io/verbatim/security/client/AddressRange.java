package io.verbatim.security.client;

import java.net.InetAddress;

/// A range of IPv4 or IPv6 addresses in CIDR form, or a single address.
public record AddressRange(InetAddress network, int prefixBits) {
  public AddressRange {
    if (prefixBits < 0 || prefixBits > network.getAddress().length * 8) {
      throw new IllegalArgumentException(
          "the prefix length must be 0 to 32 for IPv4, 0 to 128 for IPv6");
    }
  }

  /// Reads `10.0.0.0/8`, `203.0.113.7` or `2001:db8::/32`. Names are not resolved.
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    try {
      InetAddress network = InetAddress.ofLiteral(address.strip());
      int bits =
          slash < 0
              ? network.getAddress().length * 8
              : Integer.parseInt(text.substring(slash + 1).strip());
      return new AddressRange(network, bits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must list addresses such as 203.0.113.7 or 10.0.0.0/8, but contains \"" + text + "\"",
          e);
    }
  }

  public boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >> bit % 8;
      if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
