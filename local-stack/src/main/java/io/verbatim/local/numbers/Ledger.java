package io.verbatim.local.numbers;

import io.verbatim.local.numbers.Shown.Gap;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The account of a call's audio, as `GET /v1/calls/{callId}` gives it.
///
/// @param complete whether all that was received became words
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
    call.path("gaps").forEach(gap -> gaps.add(TranscriptScreen.gap(gap)));
    return new Ledger(
        call.path("receivedMs").asLong(),
        call.path("transcribedMs").asLong(),
        call.path("pendingMs").asLong(),
        call.path("gapMs").asLong(),
        call.path("complete").asBoolean(),
        gaps);
  }

  /// What about it cannot be, for a call that has ended with this many words on all channels; empty
  /// where all adds up.
  List<String> contradictions(int channels, int words) {
    List<String> found = new ArrayList<>();
    long listed = gaps.stream().mapToLong(gap -> gap.endMs() - gap.startMs()).sum();
    if (receivedMs != transcribedMs + gapMs + pendingMs || pendingMs != 0) {
      found.add(
          "%d ms received, but %d transcribed, %d in gaps and %d pending"
              .formatted(receivedMs, transcribedMs, gapMs, pendingMs));
    }
    if (listed != gapMs) {
      found.add("%d ms in gaps, but those listed are %d ms".formatted(gapMs, listed));
    }
    if (transcribedMs * channels != words * Verdict.FRAME_MILLIS) {
      found.add("%d ms transcribed, but %d words".formatted(transcribedMs, words));
    }
    if (complete && gapMs > 0) {
      found.add("complete, but with gaps");
    }
    return found;
  }
}
