/// Tests of the reader of server-sent events.
@NullMarked
package io.verbatim.testkit.sse;

import org.jspecify.annotations.NullMarked;
