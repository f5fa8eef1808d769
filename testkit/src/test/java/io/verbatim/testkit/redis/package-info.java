/// Tests of the fixtures.
@NullMarked
package io.verbatim.testkit.redis;

import org.jspecify.annotations.NullMarked;
