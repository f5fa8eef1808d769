/// Both dialects' connections against a log that answers before the request returns: the order of
/// events that real ones show once in a while.
@NullMarked
package io.verbatim.ingest.dialect;

import org.jspecify.annotations.NullMarked;
