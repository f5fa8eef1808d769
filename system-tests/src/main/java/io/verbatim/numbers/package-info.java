/// Calls with numbered frames, and the check of their transcripts.
///
/// Every frame of 20 ms is one word: its number in the call. Callers send the frames, a recogniser
/// returns the numbers, subscribers receive them, and a verdict counts the numbers that are lost,
/// repeated, out of order or at the wrong time.
@NullMarked
package io.verbatim.numbers;

import org.jspecify.annotations.NullMarked;
