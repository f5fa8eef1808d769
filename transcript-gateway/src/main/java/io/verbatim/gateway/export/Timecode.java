package io.verbatim.gateway.export;

/// Formats times for documents.
final class Timecode {

  private Timecode() {}

  /// `01:02:03.004`; hours have more than two digits if needed.
  static String withMillis(long millis, char separator) {
    return wholeSeconds(millis) + separator + "%03d".formatted(millis % 1000);
  }

  /// `01:02:03`
  static String wholeSeconds(long millis) {
    long seconds = millis / 1000;
    return "%02d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
