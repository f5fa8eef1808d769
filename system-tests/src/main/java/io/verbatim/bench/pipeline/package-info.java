/// `./bench pipeline` and `./bench flood`: calls through the three services and Redis. A recogniser
/// checks every byte, and one watcher per call checks every word.
@NullMarked
package io.verbatim.bench.pipeline;

import org.jspecify.annotations.NullMarked;
