/// The page in a real browser, against a real gateway and a real Redis.
@NullMarked
package io.verbatim.gateway.browser;

import org.jspecify.annotations.NullMarked;
