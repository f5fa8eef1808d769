@NullMarked
package io.verbatim.local.caller;

import org.jspecify.annotations.NullMarked;
