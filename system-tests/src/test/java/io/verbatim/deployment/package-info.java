/// Checks of the deployment files against the services' settings and files.
@NullMarked
package io.verbatim.deployment;

import org.jspecify.annotations.NullMarked;
