/// The adapters against the contract, and the testkit against itself.
@NullMarked
package io.verbatim.pubsub.testkit;

import org.jspecify.annotations.NullMarked;
