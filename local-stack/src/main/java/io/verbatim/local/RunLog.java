package io.verbatim.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends all logs of this process to a file and keeps the console for the messages of the run.
final class RunLog {
  private static final String CONFIGURATION = "run-logback.xml";
  private static final String FILE = "verbatim.log";

  private RunLog() {}

  /// Opens the file. Must run before the first log call.
  static Path open() {
    Path file = Path.of("target", "run-" + ProcessHandle.current().pid() + ".log").toAbsolutePath();
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.setProperty(FILE, file.toString());
    System.setProperty("logback.configurationFile", CONFIGURATION);
    System.setProperty("logging.config", "classpath:" + CONFIGURATION);
    LoggerFactory.getLogger(RunLog.class).info("run.started");
    System.clearProperty("logback.configurationFile"); // the services read logging.config instead
    return file;
  }

  /// Appends an output line of another process.
  static void append(String line) {
    log().info("{}", line);
  }

  private static Logger log() {
    return LoggerFactory.getLogger(RunLog.class);
  }
}
