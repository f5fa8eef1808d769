package io.verbatim.gateway.export;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The formats of a transcript.
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

  /// The name of the format in `?format=` and in file names.
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The format with this name.
  ///
  /// @return empty if the name is unknown
  public static Optional<TranscriptFormat> named(String extension) {
    return Arrays.stream(values())
        .filter(format -> format.extension().equals(extension))
        .findFirst();
  }

  /// The format that best matches an `Accept` header; the live stream if any format matches.
  ///
  /// @param accepted media ranges without parameters, the most preferred first
  /// @return empty if no format matches
  public static Optional<TranscriptFormat> accepted(List<String> accepted) {
    if (accepted.isEmpty()) {
      return Optional.of(SSE);
    }
    return accepted.stream()
        .flatMap(range -> Arrays.stream(values()).filter(format -> format.matches(range)))
        .findFirst();
  }

  private boolean matches(String range) {
    String type = mediaType.substring(0, mediaType.indexOf('/'));
    return range.equals("*/*") || range.equals(type + "/*") || range.equals(mediaType);
  }
}
