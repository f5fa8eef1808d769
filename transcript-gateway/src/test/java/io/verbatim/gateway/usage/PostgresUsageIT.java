package io.verbatim.gateway.usage;

import io.verbatim.gateway.fixture.TestDatabase;

class PostgresUsageIT extends UsageContract {
  PostgresUsageIT() {
    super(TestDatabase.postgres());
  }
}
