/// The port of translators, and what its implementations share: languages and the cutting of texts.
@NullMarked
package io.verbatim.batch.translator;

import org.jspecify.annotations.NullMarked;
