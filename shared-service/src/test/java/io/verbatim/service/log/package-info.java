@NullMarked
package io.verbatim.service.log;

import org.jspecify.annotations.NullMarked;
