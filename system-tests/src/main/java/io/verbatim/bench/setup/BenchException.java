package io.verbatim.bench.setup;

/// A benchmark that cannot run. The message is for the person who started it.
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BenchException(String message) {
    super(message);
  }

  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
