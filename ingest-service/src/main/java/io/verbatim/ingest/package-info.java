/// The service that takes calls in: it checks who calls, speaks two dialects, and writes each
/// call's audio to the bus as it comes.
///
/// This package only puts the parts together; each part is a package of its own and knows nothing
/// of this one.
@NullMarked
package io.verbatim.ingest;

import org.jspecify.annotations.NullMarked;
