package io.verbatim.gateway.hub;

import java.time.Duration;

/// The bounds of what the hub holds.
///
/// @param maxSubscribers streams open at a time; beyond it stale ones go first, then the oldest
/// @param maxSubscribersPerTenant of those, streams of one tenant
/// @param maxWaitingBytes what may wait for a subscriber that had caught up and whose connection
///   takes nothing, before it is evicted
/// @param sweepInterval how often stale subscribers are removed
/// @param staleAfter a subscriber whose bytes have not left for so long is stale
/// @param retain how long a call without subscribers stays in memory
/// @param heartbeat how long a stream may be quiet
/// @param feedMemory bytes of all encoded lines in memory; the least recently used are released
/// @param directory how many calls the list holds
public record HubLimits(
    int maxSubscribers,
    int maxSubscribersPerTenant,
    long maxWaitingBytes,
    Duration sweepInterval,
    Duration staleAfter,
    Duration retain,
    Duration heartbeat,
    long feedMemory,
    int directory) {}
