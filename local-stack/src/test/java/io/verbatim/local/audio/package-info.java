@NullMarked
package io.verbatim.local.audio;

import org.jspecify.annotations.NullMarked;
