package io.verbatim.gateway.archive;

import io.verbatim.gateway.fixture.TestDatabase;

class H2ArchiveTest extends ArchiveContract {
  H2ArchiveTest() {
    super(TestDatabase.h2());
  }
}
