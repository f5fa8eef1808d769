@NullMarked
package io.verbatim.batch.translation;

import org.jspecify.annotations.NullMarked;
