/// Whether the worker is well, from local state only: no I/O, no side effect, always fast.
@NullMarked
package io.verbatim.asr.health;

import org.jspecify.annotations.NullMarked;
