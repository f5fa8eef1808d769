@NullMarked
package io.verbatim.ingest.connection;

import org.jspecify.annotations.NullMarked;
