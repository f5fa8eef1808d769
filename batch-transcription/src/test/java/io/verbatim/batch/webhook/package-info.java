@NullMarked
package io.verbatim.batch.webhook;

import org.jspecify.annotations.NullMarked;
