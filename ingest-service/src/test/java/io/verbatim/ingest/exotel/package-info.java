@NullMarked
package io.verbatim.ingest.exotel;

import org.jspecify.annotations.NullMarked;
