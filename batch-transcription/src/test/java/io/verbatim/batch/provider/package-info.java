@NullMarked
package io.verbatim.batch.provider;

import org.jspecify.annotations.NullMarked;
