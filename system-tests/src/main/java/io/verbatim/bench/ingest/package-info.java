/// `./bench ingest`: Exotel calls to the ingest service alone, compared with a Node peer.
@NullMarked
package io.verbatim.bench.ingest;

import org.jspecify.annotations.NullMarked;
