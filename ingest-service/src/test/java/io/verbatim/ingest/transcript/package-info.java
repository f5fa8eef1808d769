@NullMarked
package io.verbatim.ingest.transcript;

import org.jspecify.annotations.NullMarked;
