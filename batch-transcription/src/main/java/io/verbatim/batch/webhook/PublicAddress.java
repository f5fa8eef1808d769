package io.verbatim.batch.webhook;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/// Tells addresses of the internet from those of this machine and of private networks.
final class PublicAddress {

  /// Special ranges (RFC 6890) that Java's own checks do not know.
  private static final List<Range> SPECIAL =
      List.of(
          range("0.0.0.0", 8),
          range("100.64.0.0", 10),
          range("192.0.0.0", 24),
          range("192.0.2.0", 24),
          range("192.88.99.0", 24),
          range("198.18.0.0", 15),
          range("198.51.100.0", 24),
          range("203.0.113.0", 24),
          range("240.0.0.0", 4),
          range("fc00::", 7),
          range("100::", 64),
          range("2001::", 23),
          range("2001:db8::", 32),
          range("3fff::", 20),
          range("5f00::", 16));

  private static final Range NAT64 = range("64:ff9b::", 96);
  private static final Range LOCAL_NAT64 = range("64:ff9b:1::", 48);
  private static final Range SIX_TO_FOUR = range("2002::", 16);
  private static final Range COMPATIBLE = range("::", 96);

  private record Range(byte[] start, int bits) {
    boolean contains(byte[] address) {
      if (address.length != start.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((address[bit / 8] & mask) != (start[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private PublicAddress() {}

  private static Range range(String start, int bits) {
    return new Range(InetAddress.ofLiteral(start).getAddress(), bits);
  }

  /// Whether an address belongs to the internet.
  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean isLocal =
        address.isAnyLocalAddress()
            || address.isLoopbackAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress();
    return !isLocal
        && SPECIAL.stream().noneMatch(range -> range.contains(bytes))
        && (!(address instanceof Inet6Address) || isCarriedPublic(bytes));
  }

  private static boolean isCarriedPublic(byte[] bytes) {
    if (LOCAL_NAT64.contains(bytes)) {
      return false;
    }
    if (NAT64.contains(bytes) || COMPATIBLE.contains(bytes)) {
      return isPublicIpv4(Arrays.copyOfRange(bytes, 12, 16));
    }
    return !SIX_TO_FOUR.contains(bytes) || isPublicIpv4(Arrays.copyOfRange(bytes, 2, 6));
  }

  private static boolean isPublicIpv4(byte[] bytes) {
    try {
      return isPublic(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
