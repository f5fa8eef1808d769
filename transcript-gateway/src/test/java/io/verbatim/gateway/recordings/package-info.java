/// Recordings over real sockets, with the providers' stand-ins.
@NullMarked
package io.verbatim.gateway.recordings;

import org.jspecify.annotations.NullMarked;
