/// Log lines as JSON objects (`LOG_FORMAT=json`).
@NullMarked
package io.verbatim.service.log;

import org.jspecify.annotations.NullMarked;
