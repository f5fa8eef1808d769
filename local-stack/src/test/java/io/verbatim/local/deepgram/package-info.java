@NullMarked
package io.verbatim.local.deepgram;

import org.jspecify.annotations.NullMarked;
