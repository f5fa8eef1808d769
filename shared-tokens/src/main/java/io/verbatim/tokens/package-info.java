/// What both doors know of tokens: which keys they may be signed with, where those come from, which
/// algorithms each takes, and whether a token holds. Who is let in with which claims is the door's.
///
/// Nothing here repeats a token or logs one.
@NullMarked
package io.verbatim.tokens;

import org.jspecify.annotations.NullMarked;
