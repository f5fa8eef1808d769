/// Checks that what operators watch exists: the table of metrics, the alert rules, the dashboards
/// and the runbook.
@NullMarked
package io.verbatim.observability;

import org.jspecify.annotations.NullMarked;
