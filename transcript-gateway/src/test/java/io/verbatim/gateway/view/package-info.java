/// Tests of the JSON views.
@NullMarked
package io.verbatim.gateway.view;

import org.jspecify.annotations.NullMarked;
