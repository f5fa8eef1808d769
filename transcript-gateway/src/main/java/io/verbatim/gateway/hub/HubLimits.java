package io.verbatim.gateway.hub;

import java.time.Duration;

/// The bounds of what the hub holds.
///
/// @param maxWatchers streams open at a time; beyond it stale ones go first, then the oldest
/// @param maxWatchersPerTenant of those, streams of one tenant
/// @param maxWaitingBytes what may wait for a watcher that had caught up and stands still, before
///   it is evicted
/// @param sweepInterval how often stale watchers are looked for
/// @param staleAfter a watcher to whom nothing could be delivered for so long is gone
/// @param retain how long a call nobody watches stays in memory
/// @param heartbeat how long a stream may be quiet
/// @param directory how many calls the list holds
public record HubLimits(
    int maxWatchers,
    int maxWatchersPerTenant,
    long maxWaitingBytes,
    Duration sweepInterval,
    Duration staleAfter,
    Duration retain,
    Duration heartbeat,
    int directory) {}
