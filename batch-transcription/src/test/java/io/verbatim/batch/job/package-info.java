@NullMarked
package io.verbatim.batch.job;

import org.jspecify.annotations.NullMarked;
