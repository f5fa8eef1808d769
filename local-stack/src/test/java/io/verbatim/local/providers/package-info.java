@NullMarked
package io.verbatim.local.providers;

import org.jspecify.annotations.NullMarked;
