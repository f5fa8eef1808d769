/// The failures of a recording or a text, for clients.
@NullMarked
package io.verbatim.batch.failure;

import org.jspecify.annotations.NullMarked;
