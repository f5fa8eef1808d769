/// The contract that both adapters pass, and the roles its tests play: the caller, the worker, the
/// owner of a call.
@NullMarked
package io.verbatim.pubsub.contract;

import org.jspecify.annotations.NullMarked;
