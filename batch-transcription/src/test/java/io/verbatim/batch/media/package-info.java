@NullMarked
package io.verbatim.batch.media;

import org.jspecify.annotations.NullMarked;
