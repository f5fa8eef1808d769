/// Tests of the whole gateway, over HTTP.
@NullMarked
package io.verbatim.gateway;

import org.jspecify.annotations.NullMarked;
