/// The agent's page: static files, served from memory.
@NullMarked
package io.verbatim.gateway.page;

import org.jspecify.annotations.NullMarked;
