package io.verbatim.gateway;

import io.verbatim.gateway.fixture.TestDatabase;

class H2RecordAttacksTest extends RecordAttacksContract {
  H2RecordAttacksTest() {
    super(TestDatabase.h2());
  }
}
