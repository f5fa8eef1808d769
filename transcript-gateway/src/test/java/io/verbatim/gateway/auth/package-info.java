/// Tokens for tests.
@NullMarked
package io.verbatim.gateway.auth;

import org.jspecify.annotations.NullMarked;
