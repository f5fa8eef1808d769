package io.verbatim.gateway.search;

import io.verbatim.gateway.fixture.TestDatabase;

class PostgresSearchIT extends SearchContract {
  PostgresSearchIT() {
    super(TestDatabase.postgres());
  }
}
