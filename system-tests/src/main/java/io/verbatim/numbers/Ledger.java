package io.verbatim.numbers;

import io.verbatim.numbers.ReceivedTranscript.Gap;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The ledger of a call's audio, as returned by `GET /v1/calls/{callId}`.
///
/// @param complete whether all received audio was transcribed
public record Ledger(
    long receivedMs,
    long transcribedMs,
    long pendingMs,
    long gapMs,
    boolean complete,
    List<Gap> gaps) {

  public Ledger {
    gaps = List.copyOf(gaps);
  }

  static Ledger of(JsonNode call) {
    List<Gap> gaps = new ArrayList<>();
    call.path("gaps").forEach(gap -> gaps.add(TranscriptCollector.gap(gap)));
    return new Ledger(
        call.path("receivedMs").asLong(),
        call.path("transcribedMs").asLong(),
        call.path("pendingMs").asLong(),
        call.path("gapMs").asLong(),
        call.path("complete").asBoolean(),
        gaps);
  }

  /// Finds the contradictions in the ledger of an ended call.
  ///
  /// @param words the number of words of all channels
  List<String> contradictions(int channels, int words) {
    List<String> found = new ArrayList<>();
    long listed = gaps.stream().mapToLong(gap -> gap.endMs() - gap.startMs()).sum();
    if (receivedMs != transcribedMs + gapMs + pendingMs || pendingMs != 0) {
      found.add(
          "%d ms received, but %d ms transcribed, %d ms in gaps and %d ms pending"
              .formatted(receivedMs, transcribedMs, gapMs, pendingMs));
    }
    if (listed != gapMs) {
      found.add("gapMs is %d, but the listed gaps have %d ms".formatted(gapMs, listed));
    }
    if (transcribedMs * channels != words * Verdict.FRAME_MILLIS) {
      found.add("%d ms transcribed, but %d words".formatted(transcribedMs, words));
    }
    if (complete && gapMs > 0) {
      found.add("complete is true, but there are gaps");
    }
    return found;
  }
}
