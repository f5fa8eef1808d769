/// Filters for every response: security headers and CORS.
@NullMarked
package io.verbatim.gateway.web;

import org.jspecify.annotations.NullMarked;
