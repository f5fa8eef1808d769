/// What the tests act with: calls written through the bus as a worker writes them, a gateway on a
/// free port, and a client that reads its events.
@NullMarked
package io.verbatim.gateway.stage;

import org.jspecify.annotations.NullMarked;
