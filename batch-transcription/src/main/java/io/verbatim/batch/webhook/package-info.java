/// Sends texts to a service of the operator's, which translates them and delivers the result by its
/// own means.
///
/// The address is part of the operator's settings, but its name is resolved by a name server, whose
/// answer may change. So the answer is checked, and the connection goes to the address that was
/// checked.
@NullMarked
package io.verbatim.batch.webhook;

import org.jspecify.annotations.NullMarked;
