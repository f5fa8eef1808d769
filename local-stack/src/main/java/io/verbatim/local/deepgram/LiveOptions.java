package io.verbatim.local.deepgram;

import io.verbatim.local.audio.AudioCoding;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters in the query of `/v1/listen`. Other parameters are accepted and ignored.
record LiveOptions(
    AudioCoding coding,
    int sampleRateHz,
    int channels,
    boolean multichannel,
    boolean interimResults,
    boolean vadEvents,
    boolean diarize,
    int utteranceEndMs) {
  private static final int MAX_CHANNELS = 20;

  /// Reads a query.
  ///
  /// @throws IllegalArgumentException with a message for the client, if a value is not supported
  static LiveOptions parse(Map<String, List<String>> query) {
    AudioCoding coding =
        switch (value(query, "encoding")) {
          case "linear16" -> AudioCoding.PCM16;
          case "mulaw" -> AudioCoding.MULAW;
          case "alaw" -> AudioCoding.ALAW;
          case null ->
              throw new IllegalArgumentException("encoding is required: linear16, mulaw or alaw");
          case String other ->
              throw new IllegalArgumentException(
                  "encoding must be linear16, mulaw or alaw, not '%s'".formatted(other));
        };
    boolean interimResults = flag(query, "interim_results");
    int utteranceEndMs = number(query, "utterance_end_ms", 0, 0, 60_000);
    if (utteranceEndMs > 0 && !interimResults) {
      throw new IllegalArgumentException("utterance_end_ms needs interim_results=true");
    }
    return new LiveOptions(
        coding,
        number(query, "sample_rate", -1, 8000, 48_000),
        number(query, "channels", 1, 1, MAX_CHANNELS),
        flag(query, "multichannel"),
        interimResults,
        flag(query, "vad_events"),
        flag(query, "diarize") || value(query, "diarize_model") != null,
        utteranceEndMs);
  }

  /// The number of channels that are recognised separately.
  int separateChannels() {
    return multichannel ? channels : 1;
  }

  private static @Nullable String value(Map<String, List<String>> query, String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? null : values.getLast();
  }

  private static boolean flag(Map<String, List<String>> query, String name) {
    return "true".equals(value(query, name));
  }

  private static int number(
      Map<String, List<String>> query, String name, int absent, int lowest, int highest) {
    String value = value(query, name);
    try {
      int number = value == null ? absent : Integer.parseInt(value);
      if ((value == null && absent >= 0) || (number >= lowest && number <= highest)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new IllegalArgumentException(
        "%s must be a number from %d to %d, not '%s'".formatted(name, lowest, highest, value));
  }
}
