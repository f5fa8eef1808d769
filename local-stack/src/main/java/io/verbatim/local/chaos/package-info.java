/// Faults on purpose: calls go through real processes that are killed, paused, cut off and
/// restarted meanwhile, and every transcript must be whole.
///
/// A [io.verbatim.local.chaos.Plan] says which faults, from a seed or a list; a
/// [io.verbatim.local.chaos.ChaosRun] does them to a [io.verbatim.local.chaos.Cluster] while
/// [io.verbatim.local.chaos.LoadGenerator] go on; all that happens goes to a
/// [io.verbatim.local.chaos.Journal], and a [io.verbatim.local.chaos.Report] is made of that alone.
@NullMarked
package io.verbatim.local.chaos;

import org.jspecify.annotations.NullMarked;
