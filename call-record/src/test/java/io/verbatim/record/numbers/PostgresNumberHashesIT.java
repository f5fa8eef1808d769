package io.verbatim.record.numbers;

import io.verbatim.testkit.postgres.PostgresServer;

class PostgresNumberHashesIT extends NumberHashesContract {

  @Override
  String url() {
    return PostgresServer.shared().create().url();
  }
}
