/// The record of ended calls in a database: archive, usage, keys, search, erasure and audit.
///
/// The gateway mounts it. Nothing here is on the path of a live word: the gateway runs without a
/// database, and while its database is away. No Spring; JDBC on virtual threads.
@NullMarked
package io.verbatim.record;

import org.jspecify.annotations.NullMarked;
