/// The sample call that ships with the project: its sound, and who said which word when. Data, no
/// behaviour.
@NullMarked
package io.verbatim.local.sample;

import org.jspecify.annotations.NullMarked;
