package io.verbatim.gateway.usage;

import io.verbatim.gateway.fixture.TestDatabase;

class H2RollUpTest extends RollUpContract {
  H2RollUpTest() {
    super(TestDatabase.h2());
  }
}
