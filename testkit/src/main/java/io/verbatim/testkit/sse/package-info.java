/// Reads server-sent events in tests.
@NullMarked
package io.verbatim.testkit.sse;

import org.jspecify.annotations.NullMarked;
