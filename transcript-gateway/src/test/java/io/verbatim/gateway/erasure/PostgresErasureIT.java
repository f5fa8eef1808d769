package io.verbatim.gateway.erasure;

import io.verbatim.gateway.fixture.TestDatabase;

class PostgresErasureIT extends ErasureContract {
  PostgresErasureIT() {
    super(TestDatabase.postgres());
  }
}
