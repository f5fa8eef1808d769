package io.verbatim.gateway.audit;

import io.verbatim.gateway.fixture.TestDatabase;

class PostgresAuditIT extends AuditContract {
  PostgresAuditIT() {
    super(TestDatabase.postgres());
  }
}
