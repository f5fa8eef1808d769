@NullMarked
package io.verbatim.ingest;

import org.jspecify.annotations.NullMarked;
