package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.AwaitedProof;
import io.verbatim.ingest.auth.Secret;
import io.verbatim.tokens.client.AddressAllowance;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/// The sockets that were let in without a proof and still owe it: few at once, so that strangers
/// leave room for callers, and none of an address that has failed too often. For use by any thread.
public final class UnprovenSockets {
  private final int most;
  private final AddressAllowance failures;
  private final AtomicInteger owing = new AtomicInteger();

  /// @param most how many at once
  /// @param failures how often an address may fail to prove itself, here and in the handshake
  public UnprovenSockets(int most, AddressAllowance failures) {
    this.most = most;
    this.failures = failures;
  }

  /// Whether one more would be one too many.
  boolean isFull() {
    return owing.get() >= most;
  }

  /// Whether this address may try, as far as its failures go.
  boolean mayTry(InetAddress client) {
    return failures.has(client);
  }

  /// One more socket, which owes this token.
  public AwaitedProof admit(Secret token, InetAddress client) {
    owing.incrementAndGet();
    return new AwaitedProof(token, () -> failures.take(client), owing::decrementAndGet);
  }
}
