/// Whether the service is well, from local state only: no I/O, no side effect, always fast.
@NullMarked
package io.verbatim.ingest.health;

import org.jspecify.annotations.NullMarked;
