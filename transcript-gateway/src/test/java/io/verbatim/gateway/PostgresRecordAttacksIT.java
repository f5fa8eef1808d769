package io.verbatim.gateway;

import io.verbatim.gateway.fixture.TestDatabase;

class PostgresRecordAttacksIT extends RecordAttacksContract {
  PostgresRecordAttacksIT() {
    super(TestDatabase.postgres());
  }
}
