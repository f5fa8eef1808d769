/// Tests of the start of service processes.
@NullMarked
package io.verbatim.process;

import org.jspecify.annotations.NullMarked;
