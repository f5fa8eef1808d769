/// The database of the record: its address, its schema, its connections, and the threads that use
/// them.
///
/// The schema is in the migrations among the resources of this package: `common` for both
/// databases, and `postgres` or `h2` for what differs. A released migration is never changed.
@NullMarked
package io.verbatim.record.database;

import org.jspecify.annotations.NullMarked;
