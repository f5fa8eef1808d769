package io.verbatim.tools.redis;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the server says about its connections at one moment.
///
/// @param version the server's version
/// @param maxClients its limit
/// @param rejected connections that it has refused at the limit since its start
/// @param ownId the id of this command's connection
record Sample(
    Instant time,
    String version,
    int maxClients,
    long rejected,
    long ownId,
    List<ClientConnection> connections) {

  /// All connections, this command's included.
  int connected() {
    return connections.size();
  }

  long blocked() {
    return connections.stream().filter(ClientConnection::isBlocked).count();
  }

  /// The number of connections by name. This command's own is not counted.
  SortedMap<String, Integer> byName() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    for (ClientConnection connection : connections) {
      if (connection.id() != ownId) {
        counts.merge(connection.name(), 1, Integer::sum);
      }
    }
    return counts;
  }
}
