/// Runs the services, and other programs that tests and benchmarks need, as separate processes. The
/// services have the memory limits of production. Processes are ended by id.
@NullMarked
package io.verbatim.process;

import org.jspecify.annotations.NullMarked;
