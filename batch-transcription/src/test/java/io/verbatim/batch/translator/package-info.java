@NullMarked
package io.verbatim.batch.translator;

import org.jspecify.annotations.NullMarked;
