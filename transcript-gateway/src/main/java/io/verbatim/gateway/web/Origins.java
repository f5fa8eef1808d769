package io.verbatim.gateway.web;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The origins that may read or change data. Matches exactly, without suffixes or patterns.
///
/// @param trusted origins of front ends on other sites
public record Origins(Set<String> trusted) {

  public Origins {
    trusted = Set.copyOf(trusted);
  }

  /// Whether a page of this origin on another site may read our responses.
  public boolean mayRead(@Nullable String origin) {
    return origin != null && trusted.contains(origin);
  }

  /// Whether a request comes from our own page, from a trusted origin, or from no page.
  ///
  /// Compares only host and port, because the scheme is unknown behind a proxy that terminates TLS.
  ///
  /// @param origin the `Origin` header; null if no page sent the request
  /// @param host the `Host` header
  public boolean isOurs(@Nullable String origin, @Nullable String host) {
    if (origin == null || mayRead(origin)) {
      return true;
    }
    try {
      URI uri = URI.create(origin);
      return uri.getAuthority() != null && uri.getAuthority().equalsIgnoreCase(host);
    } catch (IllegalArgumentException notAnOrigin) {
      return false;
    }
  }
}
