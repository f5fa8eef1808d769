package io.verbatim.gateway.archive;

import io.verbatim.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// H2: the file is copied while the gateway is stopped.
class H2BackupTest extends BackupContract {

  private static Path file(Path directory) {
    return directory.resolve("record.mv.db");
  }

  private static Path backup(Path directory) {
    return directory.resolve("backup.mv.db");
  }

  @Override
  String create(Path directory) {
    return "jdbc:h2:file:" + directory.resolve("record");
  }

  @Override
  void backUpAndDrop(Path directory, RunningGateway gateway) throws IOException {
    gateway.close();
    Files.copy(file(directory), backup(directory));
    Files.delete(file(directory));
  }

  @Override
  void restore(Path directory) throws IOException {
    Files.move(backup(directory), file(directory));
  }
}
