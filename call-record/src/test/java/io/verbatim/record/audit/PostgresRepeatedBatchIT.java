package io.verbatim.record.audit;

import io.verbatim.testkit.postgres.PostgresServer;

class PostgresRepeatedBatchIT extends RepeatedBatchContract {

  @Override
  String url() {
    return PostgresServer.shared().create().url();
  }
}
