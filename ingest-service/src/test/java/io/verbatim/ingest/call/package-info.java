@NullMarked
package io.verbatim.ingest.call;

import org.jspecify.annotations.NullMarked;
