package io.verbatim.gateway.usage;

import io.verbatim.gateway.fixture.TestDatabase;

class H2UsageTest extends UsageContract {
  H2UsageTest() {
    super(TestDatabase.h2());
  }
}
