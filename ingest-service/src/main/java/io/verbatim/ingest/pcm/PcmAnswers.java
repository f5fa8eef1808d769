package io.verbatim.ingest.pcm;

import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.transcript.TranscriptEncoder;
import io.verbatim.ingest.transcript.TranscriptMessage;
import io.verbatim.pubsub.message.CallId;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The text messages sent to a pcm caller.
final class PcmAnswers {
  static final String START_EXAMPLE =
      "{\"event\":\"start\",\"interaction_id\":\"…\",\"tenant_id\":\"…\",\"sample_rate\":8000,"
          + "\"encoding\":\"pcm16\"}";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int MAX_QUOTE_CHARS = 40;

  private PcmAnswers() {}

  /// Returns `started`. A call id contains no character that JSON escapes.
  static String started(CallId call, long nextSeq) {
    return "{\"event\":\"started\",\"interaction_id\":\""
        + call
        + "\",\"next_seq\":"
        + nextSeq
        + "}";
  }

  static String ack(long seq) {
    return "{\"event\":\"ack\",\"seq\":" + seq + "}";
  }

  static String stopped(long frames) {
    return "{\"event\":\"stopped\",\"frames\":" + frames + "}";
  }

  static String transcript(TranscriptMessage message) {
    ObjectNode json = JSON.createObjectNode().put("event", TranscriptEncoder.event(message));
    return JSON.writeValueAsString(TranscriptEncoder.addFields(message, json));
  }

  static String error(Problem problem) {
    return JSON.writeValueAsString(
        JSON.createObjectNode()
            .put("event", "error")
            .put("code", problem.code())
            .put("message", problem.message()));
  }

  /// Returns a caller's input for an error message: quoted, cut, without control characters.
  static String quote(String input) {
    String cut =
        input.length() > MAX_QUOTE_CHARS ? input.substring(0, MAX_QUOTE_CHARS) + "…" : input;
    return '"' + cut.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
