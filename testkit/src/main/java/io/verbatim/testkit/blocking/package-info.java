/// Reports calls that block an event loop while tests run.
@NullMarked
package io.verbatim.testkit.blocking;

import org.jspecify.annotations.NullMarked;
