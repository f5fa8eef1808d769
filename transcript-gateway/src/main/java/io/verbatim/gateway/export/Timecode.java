package io.verbatim.gateway.export;

/// Times as subtitles write them, and lengths as people say them.
final class Timecode {

  private Timecode() {}

  /// `01:02:03.004`; hours grow beyond two digits where they must.
  static String withMillis(long millis, char separator) {
    return wholeSeconds(millis) + separator + "%03d".formatted(millis % 1000);
  }

  /// `01:02:03`
  static String wholeSeconds(long millis) {
    long seconds = millis / 1000;
    return "%02d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /// `3.2 s`
  static String length(long millis) {
    long tenths = Math.max(1, Math.round(millis / 100.0));
    return tenths / 10 + "." + tenths % 10 + " s";
  }
}
