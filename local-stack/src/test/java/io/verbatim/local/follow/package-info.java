@NullMarked
package io.verbatim.local.follow;

import org.jspecify.annotations.NullMarked;
