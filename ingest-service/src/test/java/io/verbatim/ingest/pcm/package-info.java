@NullMarked
package io.verbatim.ingest.pcm;

import org.jspecify.annotations.NullMarked;
