package io.verbatim.gateway.erasure;

import io.verbatim.gateway.fixture.TestDatabase;

class H2ErasureTest extends ErasureContract {
  H2ErasureTest() {
    super(TestDatabase.h2());
  }
}
