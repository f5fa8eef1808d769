/// Tokens for tests, and tests of who is let in.
@NullMarked
package io.verbatim.gateway.auth;

import org.jspecify.annotations.NullMarked;
