/// What operators see of the services' jars: settings, logs and versions.
@NullMarked
package io.verbatim.operations;

import org.jspecify.annotations.NullMarked;
