/// How late live words are while the database is killed, and what it has afterwards.
@NullMarked
package io.verbatim.bench.database;

import org.jspecify.annotations.NullMarked;
