package io.verbatim.pubsub;

import java.util.Map;
import java.util.OptionalLong;

/// What a bus's server reports of itself, read every 30 s over the connection of the bus.
///
/// A figure that the server does not report is empty.
///
/// @param connections connections of all clients
/// @param connectionsByClient connections by the name of the client; empty if they were not listed
/// @param maxConnections the number of connections that the server accepts
/// @param rejectedConnections connections that the server refused because of that limit, since its
///   start
/// @param blockedClients clients that wait in a blocking command
/// @param usedBytes memory in use
/// @param maxBytes the limit of the memory; 0 for none
/// @param evicting whether the server may evict keys when its memory is full
/// @param deadLetters dead letters in the list
/// @param unclaimedCalls calls that no worker has claimed yet
public record ServerStats(
    OptionalLong connections,
    Map<String, Long> connectionsByClient,
    OptionalLong maxConnections,
    OptionalLong rejectedConnections,
    OptionalLong blockedClients,
    OptionalLong usedBytes,
    OptionalLong maxBytes,
    boolean evicting,
    OptionalLong deadLetters,
    OptionalLong unclaimedCalls) {
  public ServerStats {
    connectionsByClient = Map.copyOf(connectionsByClient);
  }
}
