/// `./bench pipeline` and `./bench flood`: calls through the three jars and Redis to a recogniser
/// that checks every byte, and back to one watcher per call that checks every word.
@NullMarked
package io.verbatim.bench.pipeline;

import org.jspecify.annotations.NullMarked;
