package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.PendingAuth;
import io.verbatim.security.client.RateLimiter;
import io.verbatim.service.Secret;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Queue;

/// Limits the connections that have not authenticated yet, so that unauthenticated clients cannot
/// use up all connections. Beyond the limit the oldest is evicted, because a caller's start arrives
/// within moments. Confined to the event loop.
public final class PendingAuthLimiter {
  private final int max;
  private final RateLimiter failures;
  private final Queue<PendingAuth> pending = new ArrayDeque<>();

  /// @param max connections that may be pending at once
  /// @param failures limits the failed authentications of an address
  public PendingAuthLimiter(int max, RateLimiter failures) {
    this.max = max;
    this.failures = failures;
  }

  /// Admits a connection whose start must contain the token. Evicts the oldest at the limit.
  public PendingAuth admit(Secret token, InetAddress client) {
    PendingAuth oldest = pending.size() < max ? null : pending.poll();
    PendingAuth auth = new PendingAuth(token, () -> failures.tryAcquire(client), pending::remove);
    pending.add(auth);
    if (oldest != null) {
      oldest.evict();
    }
    return auth;
  }
}
