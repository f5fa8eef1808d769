/// Checks which packages may depend on which, over all modules.
@NullMarked
package io.verbatim.architecture;

import org.jspecify.annotations.NullMarked;
