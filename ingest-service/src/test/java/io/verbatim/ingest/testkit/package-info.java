/// Test support: the service with real sockets and the log that it writes.
@NullMarked
package io.verbatim.ingest.testkit;

import org.jspecify.annotations.NullMarked;
