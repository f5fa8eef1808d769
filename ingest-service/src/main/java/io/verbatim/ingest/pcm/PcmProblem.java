package io.verbatim.ingest.pcm;

import tools.jackson.databind.json.JsonMapper;

/// What a pcm caller did wrong, in words for whoever wrote the caller.
///
/// @param code stable, for programs
/// @param message names what is wrong and what would be right; quotes at most a short part of what
///   the caller sent, and never a token
public record PcmProblem(String code, String message) {
  static final String START_EXAMPLE =
      "{\"event\":\"start\",\"interaction_id\":\"…\",\"tenant_id\":\"…\",\"sample_rate\":8000,"
          + "\"encoding\":\"pcm16\"}";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LONGEST_QUOTE = 40;

  /// The `error` event.
  String toJson() {
    return JSON.writeValueAsString(
        JSON.createObjectNode().put("event", "error").put("code", code).put("message", message));
  }

  /// A part of a caller's input as it may be repeated: quoted, cut, without control characters.
  static String quote(String input) {
    String cut = input.length() > LONGEST_QUOTE ? input.substring(0, LONGEST_QUOTE) + "…" : input;
    return '"' + cut.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
