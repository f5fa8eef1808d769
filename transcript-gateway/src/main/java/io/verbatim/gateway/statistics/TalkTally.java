package io.verbatim.gateway.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The talk and the turns of each speaker. Words are added in the order of their starts.
///
/// It holds a few numbers for each of at most [#MAX_SPEAKERS] speakers.
final class TalkTally {

  /// The longest pause within a turn.
  static final long MAX_PAUSE_MS = 1_000;

  /// The shortest overlap of an interruption. Speakers often begin a moment before the other's end.
  static final long MIN_OVERLAP_MS = 500;

  /// Speakers with higher numbers are counted as one.
  static final int MAX_SPEAKERS = 32;

  private static final class Talk {
    private final CoveredTime time = new CoveredTime();
    private long words;
    private long interruptions;
    private @Nullable Turn turn;

    /// Counts the turn, which no later word can change.
    private void close(Turn last) {
      interruptions += last.isInterruption() ? 1 : 0;
    }

    private long interruptions() {
      return interruptions + (turn != null && turn.isInterruption() ? 1 : 0);
    }
  }

  private final SortedMap<Integer, Talk> speakers = new TreeMap<>();
  private Turn.@Nullable Span first;
  private @Nullable Long responseMs;

  /// Adds words that were spoken in one piece.
  ///
  /// @param speaker the number of the speaker, from 0
  void add(int speaker, long startMs, long endMs, int words) {
    int number = Math.clamp(speaker, 0, MAX_SPEAKERS - 1);
    Talk known = speakers.get(number);
    Talk talk = known == null ? new Talk() : known;
    if (known == null) {
      speakers.put(number, talk);
      if (first != null && responseMs == null) {
        responseMs = Math.max(0, startMs - first.endMs());
      }
    }
    talk.time.add(startMs, endMs);
    talk.words += words;
    addToTurn(talk, startMs, endMs);
  }

  private void addToTurn(Talk talk, long startMs, long endMs) {
    Turn turn = talk.turn;
    if (turn != null && turn.continuesAt(startMs)) {
      turn.extend(endMs);
      return;
    }
    if (turn != null) {
      talk.close(turn);
    }
    Turn next = new Turn(new Turn.Span(startMs, endMs), openTurns(talk, startMs));
    talk.turn = next;
    if (first == null) {
      first = next.span();
    }
  }

  private List<Turn.Span> openTurns(Talk except, long millis) {
    List<Turn.Span> open = new ArrayList<>();
    for (Talk other : speakers.values()) {
      Turn turn = other.turn;
      if (other != except && turn != null && turn.span().isOpenAt(millis)) {
        open.add(turn.span());
      }
    }
    return open;
  }

  long talkMs() {
    return speakers.values().stream().mapToLong(talk -> talk.time.millis()).sum();
  }

  long interruptions() {
    return speakers.values().stream().mapToLong(Talk::interruptions).sum();
  }

  @Nullable Long firstResponseMs() {
    return responseMs;
  }

  /// @param byChannel whether the numbers are channels
  List<CallStatistics.Speaker> speakers(boolean byChannel) {
    List<CallStatistics.Speaker> views = new ArrayList<>();
    speakers.forEach((number, talk) -> {
      long talkMs = talk.time.millis();
      views.add(
          new CallStatistics.Speaker(
              byChannel ? number : null,
              byChannel ? null : number,
              talkMs,
              talk.words,
              talkMs < 1_000 ? null : Math.round(talk.words * 60_000.0 / talkMs),
              talk.interruptions()));
    });
    return views;
  }
}
