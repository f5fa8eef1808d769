/// Keys and tokens made on this machine for this run. The only place of local-stack that knows
/// Nimbus.
@NullMarked
package io.verbatim.local.auth;

import org.jspecify.annotations.NullMarked;
