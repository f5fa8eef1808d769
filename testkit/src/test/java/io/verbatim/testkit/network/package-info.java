/// Tests of the fixtures.
@NullMarked
package io.verbatim.testkit.network;

import org.jspecify.annotations.NullMarked;
