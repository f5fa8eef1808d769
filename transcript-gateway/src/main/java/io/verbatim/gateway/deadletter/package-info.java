/// Lists and deletes dead letters, for operators.
@NullMarked
package io.verbatim.gateway.deadletter;

import org.jspecify.annotations.NullMarked;
