package io.verbatim.gateway.archive;

import io.verbatim.gateway.fixture.TestDatabase;

class PostgresArchiveIT extends ArchiveContract {
  PostgresArchiveIT() {
    super(TestDatabase.postgres());
  }
}
