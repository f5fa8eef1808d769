@NullMarked
package io.verbatim.local;

import org.jspecify.annotations.NullMarked;
