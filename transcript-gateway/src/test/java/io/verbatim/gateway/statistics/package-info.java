/// Tests of the statistics of calls.
@NullMarked
package io.verbatim.gateway.statistics;

import org.jspecify.annotations.NullMarked;
