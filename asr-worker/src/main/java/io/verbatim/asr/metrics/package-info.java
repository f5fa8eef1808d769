/// The meters of the worker, all of them described here, on an injected registry.
@NullMarked
package io.verbatim.asr.metrics;

import org.jspecify.annotations.NullMarked;
