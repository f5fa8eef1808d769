package io.verbatim.tools.redis;

/// How close the server is to its limit of connections.
enum Level {
  NORMAL(0),
  WARNING(1),
  CRITICAL(2);

  private final int status;

  Level(int status) {
    this.status = status;
  }

  /// The exit status of the command.
  int status() {
    return status;
  }
}
