/// Tests of which pages may do what.
@NullMarked
package io.verbatim.gateway.web;

import org.jspecify.annotations.NullMarked;
