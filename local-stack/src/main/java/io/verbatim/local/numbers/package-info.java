/// Calls that say what they are, and the judge of their transcripts.
///
/// Every frame of 20 ms is one word: its number in the call. Callers read the numbers out, a
/// recogniser hears them, watchers see them, and a verdict says which of them were lost, repeated,
/// out of order or at the wrong time.
@NullMarked
package io.verbatim.local.numbers;

import org.jspecify.annotations.NullMarked;
