/// The sample call that ships with the project: its audio, and the words with speakers and times.
/// Data, no behaviour.
@NullMarked
package io.verbatim.local.sample;

import org.jspecify.annotations.NullMarked;
