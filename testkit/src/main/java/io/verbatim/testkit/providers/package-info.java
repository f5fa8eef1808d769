/// Stand-ins of providers of transcripts and translations on loopback, which check what they get as
/// the provider does, and audio that states its own words.
///
/// Also used by `./run`, where their answers are labelled as simulated.
@NullMarked
package io.verbatim.testkit.providers;

import org.jspecify.annotations.NullMarked;
