package io.verbatim.batch.failure;

import java.time.Duration;

/// A request failed. The message is one or two sentences for the client, and never contains a key,
/// a path or words of the recording.
public final class BatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_QUOTED = 200;

  private final FailureKind kind;
  private final transient Duration retryAfter;

  public BatchException(FailureKind kind, String sentence) {
    this(kind, sentence, Duration.ZERO);
  }

  /// @param retryAfter when the client may try again; zero if unknown
  public BatchException(FailureKind kind, String sentence, Duration retryAfter) {
    super(sentence, null, false, false);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  public FailureKind kind() {
    return kind;
  }

  public Duration retryAfter() {
    return retryAfter;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }

  /// Text of another program on one line, cut to a bounded length.
  public static String quoted(String text) {
    String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.length() <= MAX_QUOTED ? line : line.substring(0, MAX_QUOTED) + "…";
  }
}
