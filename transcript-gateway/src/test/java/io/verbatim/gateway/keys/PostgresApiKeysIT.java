package io.verbatim.gateway.keys;

import io.verbatim.gateway.fixture.TestDatabase;

class PostgresApiKeysIT extends ApiKeysContract {
  PostgresApiKeysIT() {
    super(TestDatabase.postgres());
  }
}
