/// Tests of origins.
@NullMarked
package io.verbatim.gateway.web;

import org.jspecify.annotations.NullMarked;
