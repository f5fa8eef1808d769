/// The work on texts: a bounded number at once, each cut into chunks that are translated one after
/// another.
@NullMarked
package io.verbatim.batch.translation;

import org.jspecify.annotations.NullMarked;
