package io.verbatim.local.numbers;

import io.verbatim.local.numbers.Shown.Ending;
import io.verbatim.local.numbers.Shown.Gap;
import io.verbatim.local.numbers.Shown.Word;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Where the events of a transcript are put down as they come. Thread-safe.
final class TranscriptScreen {
  private final List<Word> words = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final List<Ending> endings = new ArrayList<>();
  private int resyncs;

  /// @param type of the event, as the stream and the JSON document name it
  synchronized void take(String type, JsonNode data) {
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
        // What may still change does not count.
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

  synchronized Shown shown() {
    return new Shown(words, gaps, endings, resyncs);
  }
}
