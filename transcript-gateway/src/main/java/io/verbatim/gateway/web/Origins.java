package io.verbatim.gateway.web;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which origins may do what. Matches exactly, never by suffix or pattern.
///
/// @param trusted origins of front ends on other sites
public record Origins(Set<String> trusted) {

  public Origins {
    trusted = Set.copyOf(trusted);
  }

  /// Whether a page of this origin may read our answers from another site.
  public boolean mayRead(@Nullable String origin) {
    return origin != null && trusted.contains(origin);
  }

  /// Whether a request that only a cookie vouches for comes from our own page, or from no page.
  ///
  /// Compared by host and port alone: behind a proxy that ends TLS we do not see the scheme.
  ///
  /// @param origin the `Origin` header, absent where no page sent the request
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
