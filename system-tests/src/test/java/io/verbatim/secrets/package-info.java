/// Checks that no secret leaves the services.
@NullMarked
package io.verbatim.secrets;

import org.jspecify.annotations.NullMarked;
