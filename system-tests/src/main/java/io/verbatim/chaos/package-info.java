/// Fault injection: calls run through real processes that are killed, paused, disconnected and
/// restarted, and every transcript must be exact.
///
/// A [io.verbatim.chaos.Plan] contains the faults, from a seed or a list. A
/// [io.verbatim.chaos.ChaosRun] injects them into a [io.verbatim.chaos.Cluster] during the calls of
/// a [io.verbatim.chaos.LoadGenerator]. All events go to a [io.verbatim.chaos.Journal], from which
/// the [io.verbatim.chaos.Report] is made.
@NullMarked
package io.verbatim.chaos;

import org.jspecify.annotations.NullMarked;
