/// Tests of transcripts as documents.
@NullMarked
package io.verbatim.gateway.export;

import org.jspecify.annotations.NullMarked;
