package io.verbatim.pubsub;

import java.util.Optional;

/// What a bus has measured of its connection, about once a second.
///
/// @param connections connections opened since the start
/// @param unanswered commands that wait for an answer
/// @param roundTrips heartbeats that were answered
/// @param roundTripNanos the sum of their times from request to answer
/// @param tracking whether the server sends notifications; if not, changes are polled
/// @param server what the server reports of itself; empty before its first report
public record BusStats(
    long connections,
    int unanswered,
    long roundTrips,
    long roundTripNanos,
    boolean tracking,
    Optional<ServerStats> server) {

  /// A bus without a connection.
  public static final BusStats NONE = new BusStats(0, 0, 0, 0, true, Optional.empty());
}
