/// How tests wait for a condition.
@NullMarked
package io.verbatim.testkit.polling;

import org.jspecify.annotations.NullMarked;
