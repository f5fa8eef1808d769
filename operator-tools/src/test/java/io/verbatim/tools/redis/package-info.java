@NullMarked
package io.verbatim.tools.redis;

import org.jspecify.annotations.NullMarked;
