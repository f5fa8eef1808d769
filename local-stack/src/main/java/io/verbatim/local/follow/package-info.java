/// Follows a call through the gateway's API as any client would, and judges its transcript against
/// the script of the sample call.
@NullMarked
package io.verbatim.local.follow;

import org.jspecify.annotations.NullMarked;
