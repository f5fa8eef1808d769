package io.verbatim.numbers;

import io.verbatim.numbers.ReceivedTranscript.Ending;
import io.verbatim.numbers.ReceivedTranscript.Gap;
import io.verbatim.numbers.ReceivedTranscript.Word;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Collects the events of a transcript. Thread-safe.
final class TranscriptCollector {
  private final List<Word> words = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final List<Ending> endings = new ArrayList<>();
  private int resyncs;

  /// @param type of the event, as in the stream and the JSON document
  synchronized void accept(String type, JsonNode data) {
    switch (type) {
      case "final" ->
          data.path("words")
              .forEach(word ->
                  words.add(
                      new Word(
                          Integer.parseInt(word.path("text").asString("")),
                          word.path("startMs").asLong(),
                          data.path("channel").asInt(0))));
      case "gap" -> gaps.add(gap(data));
      case "ended" ->
          endings.add(
              new Ending(
                  data.path("reason").asString(""),
                  data.path("durationMs").asLong(),
                  data.path("complete").asBoolean()));
      case "resync" -> {
        resyncs++;
        words.clear();
        gaps.clear();
        endings.clear();
      }
      default -> {
        // Interims and states are not checked.
      }
    }
  }

  static Gap gap(JsonNode gap) {
    return new Gap(
        gap.path("startMs").asLong(), gap.path("endMs").asLong(), gap.path("reason").asString(""));
  }

  synchronized boolean hasEnded() {
    return !endings.isEmpty();
  }

  synchronized ReceivedTranscript transcript() {
    return new ReceivedTranscript(words, gaps, endings, resyncs);
  }
}
