@NullMarked
package io.verbatim.local.sample;

import org.jspecify.annotations.NullMarked;
