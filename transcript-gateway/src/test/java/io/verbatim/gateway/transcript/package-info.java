/// Tests of the transcript's responses, without a server.
@NullMarked
package io.verbatim.gateway.transcript;

import org.jspecify.annotations.NullMarked;
