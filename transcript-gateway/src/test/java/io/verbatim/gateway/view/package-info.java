/// Tests of the shapes of JSON.
@NullMarked
package io.verbatim.gateway.view;

import org.jspecify.annotations.NullMarked;
