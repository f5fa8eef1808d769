/// `dead-letters`: lists, shows and deletes dead letters by the gateway.
@NullMarked
package io.verbatim.tools.deadletter;

import org.jspecify.annotations.NullMarked;
