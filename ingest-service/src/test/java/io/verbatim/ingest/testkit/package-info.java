/// The service as its callers and its readers see it: real sockets in, the real log out.
@NullMarked
package io.verbatim.ingest.testkit;

import org.jspecify.annotations.NullMarked;
