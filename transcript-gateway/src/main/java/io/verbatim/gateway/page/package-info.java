/// The agent's page: static files, served from memory, and its settings.
@NullMarked
package io.verbatim.gateway.page;

import org.jspecify.annotations.NullMarked;
