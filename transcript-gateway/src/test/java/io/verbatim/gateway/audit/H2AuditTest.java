package io.verbatim.gateway.audit;

import io.verbatim.gateway.fixture.TestDatabase;

class H2AuditTest extends AuditContract {
  H2AuditTest() {
    super(TestDatabase.h2());
  }
}
