package io.verbatim.local.chaos;

import java.time.Duration;
import java.util.function.IntFunction;

/// What a run is to be.
///
/// @param title for people
/// @param seed that chose the faults; 0 where they are a list
/// @param count of faults
/// @param faults by number, from 0: always the same
/// @param overlapping whether a fault may come before what the last one killed is back
/// @param durable whether Redis keeps its data when it is killed
/// @param gapsAllowed whether words may be missing where a call's ledger says so
/// @param workers processes that share the calls
/// @param gateways processes that watchers go round among
/// @param lines calls at once
/// @param resuming how many of the lines resume their call when it is lost; the others are Exotel's
/// @param callLength of each call
/// @param vacancy how long the slot of what was killed or ended is empty before a successor starts:
///   on the machine that measures, its start takes both cores
record Plan(
    String title,
    long seed,
    int count,
    IntFunction<PlannedFault> faults,
    boolean overlapping,
    boolean durable,
    boolean gapsAllowed,
    int workers,
    int gateways,
    int lines,
    int resuming,
    Duration callLength,
    Duration vacancy) {}
