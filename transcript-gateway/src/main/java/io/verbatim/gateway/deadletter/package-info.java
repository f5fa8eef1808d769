/// The dead letters, for those who operate the system.
@NullMarked
package io.verbatim.gateway.deadletter;

import org.jspecify.annotations.NullMarked;
