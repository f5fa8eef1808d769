/// The archive of ended calls behind the gateway's routes, on each database.
@NullMarked
package io.verbatim.gateway.archive;

import org.jspecify.annotations.NullMarked;
