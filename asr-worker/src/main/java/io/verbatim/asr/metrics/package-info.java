/// What the worker counts. Every meter stands here, described, on an injected registry.
@NullMarked
package io.verbatim.asr.metrics;

import org.jspecify.annotations.NullMarked;
