package io.verbatim.gateway.keys;

import io.verbatim.gateway.fixture.TestDatabase;

class H2ApiKeysTest extends ApiKeysContract {
  H2ApiKeysTest() {
    super(TestDatabase.h2());
  }
}
