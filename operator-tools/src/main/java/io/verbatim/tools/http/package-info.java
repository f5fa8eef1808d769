/// Requests to the services, as the commands send them.
@NullMarked
package io.verbatim.tools.http;

import org.jspecify.annotations.NullMarked;
