/// The words of a recording, as a recogniser returned them. Values only.
@NullMarked
package io.verbatim.batch.transcript;

import org.jspecify.annotations.NullMarked;
