/// What this service counts.
@NullMarked
package io.verbatim.ingest.metrics;

import org.jspecify.annotations.NullMarked;
