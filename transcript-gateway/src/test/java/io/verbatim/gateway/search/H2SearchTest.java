package io.verbatim.gateway.search;

import io.verbatim.gateway.fixture.TestDatabase;

class H2SearchTest extends SearchContract {
  H2SearchTest() {
    super(TestDatabase.h2());
  }
}
