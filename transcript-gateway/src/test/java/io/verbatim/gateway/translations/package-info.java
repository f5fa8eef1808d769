@NullMarked
package io.verbatim.gateway.translations;

import org.jspecify.annotations.NullMarked;
