/// A route to a server on loopback that fails as networks fail.
@NullMarked
package io.verbatim.testkit.network;

import org.jspecify.annotations.NullMarked;
