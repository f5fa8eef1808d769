/// An issuer of tokens for tests: its keys, its key server, and the tokens of those who are not it.
@NullMarked
package io.verbatim.tokens.testkit;

import org.jspecify.annotations.NullMarked;
