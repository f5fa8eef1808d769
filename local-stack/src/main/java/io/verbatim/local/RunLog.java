package io.verbatim.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends all logs of this process to a file, so that the console shows the run.
final class RunLog {
  private static final String CONFIGURATION = "run-logback.xml";
  private static final String FILE = "verbatim.log";

  private RunLog() {}

  /// Must come before anything logs.
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
    System.clearProperty(
        "logback.configurationFile"); // for the services' own start it is logging.config
    return file;
  }

  /// A line of a process beside this one.
  static void append(String line) {
    log().info("{}", line);
  }

  private static Logger log() {
    return LoggerFactory.getLogger(RunLog.class);
  }
}
