package io.verbatim.record.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2DatabaseTest extends DatabaseContract {

  @TempDir Path directory;

  @Override
  String url() {
    return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=5";
  }

  @Test
  void file_keepsDataOverRestart() {
    String url = "jdbc:h2:file:" + directory.resolve("record");
    try (Database database = open(url)) {
      database.transact(connection -> run(connection, "create table probe (n integer)"));
      database.transact(connection -> run(connection, "insert into probe values (7)"));
    }

    try (Database database = open(url)) {
      assertThat(database.<Long>transact(connection -> number(connection, "select n from probe")))
          .isEqualTo(7);
    }
  }
}
