package io.verbatim.gateway.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;

/// Postgres: the commands of docs/operators.md, as they are written there. They need the programs
/// `pg_dump` and `pg_restore`.
@Tag("pgdump")
class PostgresBackupIT extends BackupContract {

  private final PostgresServer server = PostgresServer.shared();
  private final PostgresServer.Database database = server.create();

  @Override
  String create(Path directory) {
    return database.url();
  }

  /// The gateway runs during the backup, and is stopped before the restore.
  @Override
  void backUpAndDrop(Path directory, RunningGateway gateway)
      throws IOException, InterruptedException {
    run(directory, "pg_dump ");
    gateway.close();
    admin("drop database " + database.name() + " with (force)");
    admin("create database " + database.name());
  }

  @Override
  void restore(Path directory) throws IOException, InterruptedException {
    run(directory, "pg_restore ");
  }

  private void admin(String sql) {
    try (Connection connection = server.create().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  private void run(Path directory, String program) throws IOException, InterruptedException {
    String command =
        Files.readAllLines(Path.of("../docs/operators.md")).stream()
            .filter(line -> line.startsWith(program))
            .findFirst()
            .orElseThrow();
    Path log = directory.resolve("log");
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", command).directory(directory.toFile());
    shell.environment().put("DATABASE_URL", database.url());
    Process process = shell.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor()).as("%s: %s", command, Files.readString(log)).isZero();
  }
}
