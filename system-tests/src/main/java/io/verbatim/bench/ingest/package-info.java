/// `./bench ingest`: Exotel calls against the ingest service alone, beside one page of Node.
@NullMarked
package io.verbatim.bench.ingest;

import org.jspecify.annotations.NullMarked;
