/// Waits for the end of a call through the gateway's API and compares its transcript with the
/// script of the sample call.
@NullMarked
package io.verbatim.local.follow;

import org.jspecify.annotations.NullMarked;
