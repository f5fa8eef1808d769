/// What holds for every answer: security headers, and which other sites may read.
@NullMarked
package io.verbatim.gateway.web;

import org.jspecify.annotations.NullMarked;
