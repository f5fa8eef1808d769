/// Providers on loopback, so that the gateway transcribes recordings and translates without keys.
/// They speak the providers' protocols. They know the words of the sample call, and answer any
/// other recording with a sentence that says so. They do not translate: `hello` is `[es] hello`.
@NullMarked
package io.verbatim.local.providers;

import org.jspecify.annotations.NullMarked;
