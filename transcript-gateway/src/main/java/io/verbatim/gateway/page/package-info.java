/// The agent's page: static files, served from memory, and what the operator set for it.
@NullMarked
package io.verbatim.gateway.page;

import org.jspecify.annotations.NullMarked;
