package io.verbatim.gateway.hub;

import java.time.Duration;

/// The limits of the hub.
///
/// @param maxSubscribers open streams; above it stale ones are evicted first, then the oldest
/// @param maxSubscribersPerTenant open streams of one tenant
/// @param maxWaitingBytes bytes that may wait for a caught-up subscriber whose connection takes
///   none, before it is evicted
/// @param sweepInterval time between two removals of stale subscribers
/// @param staleAfter time without a sent byte after which a subscriber is stale
/// @param retain time that a call without subscribers stays in memory; at most half a minute if it
///   was not translated
/// @param heartbeat time without an event after which a heartbeat is sent
/// @param feedMemory bytes of all encoded lines in memory; the least recently used are released
/// @param directory calls in the list
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
