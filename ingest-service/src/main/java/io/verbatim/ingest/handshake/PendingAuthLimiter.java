package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.PendingAuth;
import io.verbatim.ingest.auth.Secret;
import io.verbatim.tokens.client.AddressAllowance;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Queue;

/// Limits the connections that have not authenticated yet: few at once, so that strangers leave
/// room for callers. A caller's start arrives within moments, so the oldest is evicted for the
/// next. Confined to the event loop.
public final class PendingAuthLimiter {
  private final int max;
  private final AddressAllowance failures;
  private final Queue<PendingAuth> pending = new ArrayDeque<>();

  /// @param max how many at once
  /// @param failures how often an address may fail to authenticate before it is told no more why
  public PendingAuthLimiter(int max, AddressAllowance failures) {
    this.max = max;
    this.failures = failures;
  }

  /// Admits one more connection, which must show this token.
  public PendingAuth admit(Secret token, InetAddress client) {
    PendingAuth oldest = pending.size() < max ? null : pending.poll();
    PendingAuth auth = new PendingAuth(token, () -> failures.take(client), pending::remove);
    pending.add(auth);
    if (oldest != null) {
      oldest.evict();
    }
    return auth;
  }
}
