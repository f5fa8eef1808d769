package io.verbatim.gateway.usage;

import io.verbatim.gateway.fixture.TestDatabase;

class PostgresRollUpIT extends RollUpContract {
  PostgresRollUpIT() {
    super(TestDatabase.postgres());
  }
}
