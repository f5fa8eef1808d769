/// Tests of the adapter in memory.
@NullMarked
package io.verbatim.pubsub.memory;

import org.jspecify.annotations.NullMarked;
