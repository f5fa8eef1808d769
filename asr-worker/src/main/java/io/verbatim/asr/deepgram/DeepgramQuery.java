package io.verbatim.asr.deepgram;

import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The query of `/v1/listen`: the audio format, our defaults, and the operator's options as
/// written, which replace a default of the same name.
public final class DeepgramQuery {
  /// Parameters that follow from the call or that the worker depends on.
  private static final Set<String> RESERVED =
      Set.of(
          "model",
          "language",
          "encoding",
          "sample_rate",
          "channels",
          "multichannel",
          "interim_results",
          "callback",
          "callback_method");

  private DeepgramQuery() {}

  static String of(DeepgramSettings settings, SessionRequest request) {
    String options = withoutPrefix(settings.options());
    Map<String, String> query = new LinkedHashMap<>();
    query.put("model", settings.model());
    query.put("language", request.language());
    query.put("encoding", encoding(request.format().encoding()));
    query.put("sample_rate", Integer.toString(request.format().sampleRateHz()));
    query.put("channels", Integer.toString(request.format().channels()));
    if (request.format().channels() > 1) {
      query.put("multichannel", "true");
    }
    query.put("interim_results", "true");
    query.put("punctuate", "true");
    query.put("smart_format", "true");
    query.put("endpointing", "300");
    query.put("utterance_end_ms", "1000");
    query.put("vad_events", "true");
    query.keySet().removeAll(names(options));
    String defaults =
        query.entrySet().stream()
            .map(parameter ->
                parameter.getKey()
                    + "="
                    + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return options.isEmpty() ? defaults : defaults + "&" + options;
  }

  /// The parameters among these options that an operator may not set.
  public static Set<String> notAllowedIn(String options) {
    Set<String> names = names(withoutPrefix(options));
    names.retainAll(RESERVED);
    return names;
  }

  private static Set<String> names(String options) {
    Set<String> names = new HashSet<>();
    for (String parameter : options.split("&", -1)) {
      names.add(parameter.split("=", 2)[0]);
    }
    return names;
  }

  private static String withoutPrefix(String options) {
    String stripped = options.strip();
    return stripped.startsWith("?") || stripped.startsWith("&") ? stripped.substring(1) : stripped;
  }

  private static String encoding(Encoding encoding) {
    return switch (encoding) {
      case PCM16 -> "linear16";
      case MULAW -> "mulaw";
      case ALAW -> "alaw";
    };
  }
}
