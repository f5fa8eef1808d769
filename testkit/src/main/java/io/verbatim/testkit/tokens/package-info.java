/// A token issuer for tests: its keys, its key server, and forged tokens.
@NullMarked
package io.verbatim.testkit.tokens;

import org.jspecify.annotations.NullMarked;
