/// How long a search over many archived calls takes.
@NullMarked
package io.verbatim.bench.search;

import org.jspecify.annotations.NullMarked;
