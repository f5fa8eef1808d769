/// What both doors know of tokens: which keys they may be signed with, where those come from, and
/// which algorithms each takes. Who is let in, and in which words another is refused, is the
/// door's.
///
/// Nothing here repeats a token or logs one.
@NullMarked
package io.verbatim.tokens;

import org.jspecify.annotations.NullMarked;
