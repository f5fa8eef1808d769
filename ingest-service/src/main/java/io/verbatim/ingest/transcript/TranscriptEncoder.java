package io.verbatim.ingest.transcript;

import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import tools.jackson.databind.node.ObjectNode;

/// Encodes transcript messages as JSON: an event's name, and its fields.
public final class TranscriptEncoder {
  private TranscriptEncoder() {}

  /// The name of a message's event.
  public static String event(TranscriptMessage message) {
    return switch (message) {
      case TranscriptMessage.Entry(TranscriptEntry.Final _), TranscriptMessage.Interim _ ->
          "transcription";
      case TranscriptMessage.Entry(TranscriptEntry.Gap _) -> "gap";
      case TranscriptMessage.Entry(TranscriptEntry.Ended _) -> "ended";
      case TranscriptMessage.Status _ -> "status";
      case TranscriptMessage.Resync _ -> "resync";
    };
  }

  /// Adds a message's fields to an object, and returns the object.
  public static ObjectNode addFields(TranscriptMessage message, ObjectNode json) {
    return switch (message) {
      case TranscriptMessage.Entry(TranscriptEntry entry) ->
          entry(entry, json.put("id", entry.cursor()));
      case TranscriptMessage.Interim(Speech speech) -> words(speech, false, json);
      case TranscriptMessage.Status(RecognizerStatus status) ->
          json.put("recognizer", status.state().wireName())
              .put("reason", status.reason())
              .put("name", status.recognizer());
      case TranscriptMessage.Resync(String reason) -> json.put("reason", reason);
    };
  }

  private static ObjectNode entry(TranscriptEntry entry, ObjectNode json) {
    return switch (entry) {
      case TranscriptEntry.Final(_, _, _, Speech speech, _) -> words(speech, true, json);
      case TranscriptEntry.Gap(_, _, long startMs, long endMs, String reason) ->
          json.put("start_ms", startMs).put("end_ms", endMs).put("reason", reason);
      case TranscriptEntry.Ended(_, _, String reason, long durationMs, boolean complete) ->
          json.put("reason", reason).put("duration_ms", durationMs).put("complete", complete);
    };
  }

  private static ObjectNode words(Speech speech, boolean isFinal, ObjectNode json) {
    json.put("transcript", speech.text())
        .put("is_final", isFinal)
        .put("confidence", speech.confidence())
        .put("segment", speech.segment())
        .put("start_ms", speech.startMs())
        .put("end_ms", speech.endMs())
        .put("channel", speech.channel());
    if (speech.speaker() != null) {
      json.put("speaker", speech.speaker());
    }
    if (speech.language() != null) {
      json.put("language", speech.language());
    }
    if (speech.unconfirmed()) {
      json.put("unconfirmed", true);
    }
    return json;
  }
}
