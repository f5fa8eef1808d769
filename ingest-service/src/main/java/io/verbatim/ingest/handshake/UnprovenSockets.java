package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.AwaitedProof;
import io.verbatim.ingest.auth.Secret;
import io.verbatim.tokens.client.AddressAllowance;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/// The sockets that were let in without a proof and still owe it: few at once, so that strangers
/// leave room for callers. An honest start comes within moments, so who has owed longest makes way
/// for who comes next. For use by any thread.
public final class UnprovenSockets {
  private final int most;
  private final AddressAllowance failures;
  private final Queue<AwaitedProof> owed = new ArrayDeque<>();

  /// @param most how many at once
  /// @param failures how often an address may fail to prove itself before it is told no more why
  public UnprovenSockets(int most, AddressAllowance failures) {
    this.most = most;
    this.failures = failures;
  }

  /// One more socket, which owes this token.
  public AwaitedProof admit(Secret token, InetAddress client) {
    AwaitedProof proof = new AwaitedProof(token, () -> failures.take(client), this::remove);
    add(proof).ifPresent(AwaitedProof::crowdOut);
    return proof;
  }

  /// Answers who has to make way.
  private synchronized Optional<AwaitedProof> add(AwaitedProof proof) {
    Optional<AwaitedProof> longest =
        owed.size() < most ? Optional.empty() : Optional.ofNullable(owed.poll());
    owed.add(proof);
    return longest;
  }

  private synchronized void remove(AwaitedProof settled) {
    owed.remove(settled);
  }
}
