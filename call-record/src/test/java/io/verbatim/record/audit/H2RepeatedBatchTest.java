package io.verbatim.record.audit;

import java.util.UUID;

class H2RepeatedBatchTest extends RepeatedBatchContract {

  @Override
  String url() {
    return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=5";
  }
}
