package io.verbatim.record.numbers;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

class H2NumberHashesTest extends NumberHashesContract {

  @TempDir private Path directory;

  @Override
  String url() {
    return "jdbc:h2:file:" + directory.resolve(UUID.randomUUID().toString());
  }
}
