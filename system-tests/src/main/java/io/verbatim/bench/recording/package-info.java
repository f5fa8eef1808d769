/// `./bench recording`: a long recording beside many watchers.
@NullMarked
package io.verbatim.bench.recording;

import org.jspecify.annotations.NullMarked;
