/// The meters of this service.
@NullMarked
package io.verbatim.ingest.metrics;

import org.jspecify.annotations.NullMarked;
