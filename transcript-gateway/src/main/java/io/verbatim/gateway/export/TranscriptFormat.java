package io.verbatim.gateway.export;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The forms a transcript is given out in.
public enum TranscriptFormat {
  SSE("text/event-stream"),
  JSON("application/json"),
  TXT("text/plain"),
  VTT("text/vtt"),
  SRT("application/x-subrip");

  private final String mediaType;

  TranscriptFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  /// The word for it in `?format=` and in file names.
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The form of that name.
  ///
  /// @return empty where there is no form of that name
  public static Optional<TranscriptFormat> named(String extension) {
    return Arrays.stream(values())
        .filter(format -> format.extension().equals(extension))
        .findFirst();
  }

  /// The form that best suits an `Accept` header; the live stream where anything will do.
  ///
  /// @param accepted media ranges without parameters, the dearest first
  /// @return empty where none suits
  public static Optional<TranscriptFormat> accepted(List<String> accepted) {
    if (accepted.isEmpty()) {
      return Optional.of(SSE);
    }
    return accepted.stream()
        .flatMap(range -> Arrays.stream(values()).filter(format -> format.suits(range)))
        .findFirst();
  }

  private boolean suits(String range) {
    String type = mediaType.substring(0, mediaType.indexOf('/'));
    return range.equals("*/*") || range.equals(type + "/*") || range.equals(mediaType);
  }
}
