/// The ingest service: authenticates callers, implements two dialects, and writes each call's audio
/// to the bus as it arrives.
///
/// This package assembles the parts. Each part is a package of its own and does not depend on this
/// one.
@NullMarked
package io.verbatim.ingest;

import org.jspecify.annotations.NullMarked;
