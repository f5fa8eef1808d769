/// The services as processes of their own: started, watched and ended by id, with the memory they
/// have in production.
@NullMarked
package io.verbatim.local.process;

import org.jspecify.annotations.NullMarked;
