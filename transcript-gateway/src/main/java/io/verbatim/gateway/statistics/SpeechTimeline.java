package io.verbatim.gateway.statistics;

import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Collects the statistics of one call from the entries of its transcript, in the log's order. Not
/// thread-safe.
///
/// The log orders lines by their end, so a word can come after words that began later. At most
/// [#MAX_WAITING] words wait for an earlier one, which is about half an hour of speech. A word that
/// begins before one that waits no longer is counted from the start of that one. Memory is bounded
/// whatever the length of the call.
///
/// A word counts within the times of its line. A line whose words have no times counts as if it was
/// spoken without a pause.
public final class SpeechTimeline {

  static final int MAX_WAITING = 5_000;

  /// @param words 0 in a gap
  private record Interval(
      long startMs, long endMs, int channel, int speaker, int words, long order) {}

  private final PriorityQueue<Interval> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong(Interval::startMs).thenComparingLong(Interval::order));
  private final TalkTally byChannel = new TalkTally();
  private final TalkTally byRecognizer = new TalkTally();
  private final CoveredTime speech = new CoveredTime();
  private final CoveredTime speechAndGaps = new CoveredTime();
  private boolean hasChannels;
  private long added;
  private long reachedMs;
  private long lastEndMs;
  private @Nullable Long durationMs;

  /// Adds the next entry.
  public void add(TranscriptEntry entry) {
    switch (entry) {
      case TranscriptEntry.Final words -> add(words.speech());
      case TranscriptEntry.Gap gap -> wait(gap.startMs(), gap.endMs(), 0, 0, 0);
      case TranscriptEntry.Ended ended -> durationMs = Math.max(0, ended.durationMs());
    }
  }

  private void add(Speech line) {
    lastEndMs = Math.max(lastEndMs, line.endMs());
    hasChannels |= line.channel() > 0;
    int speaker = line.speaker() == null ? 0 : line.speaker();
    if (line.words().stream().anyMatch(word -> word.endMs() > word.startMs())) {
      for (Speech.Word word : line.words()) {
        long start = within(line, word.startMs());
        wait(start, Math.max(start, within(line, word.endMs())), line.channel(), speaker, 1);
      }
    } else {
      int words = line.words().isEmpty() ? wordsOf(line.text()) : line.words().size();
      if (words > 0) {
        wait(line.startMs(), line.endMs(), line.channel(), speaker, words);
      }
    }
  }

  private static long within(Speech line, long millis) {
    return Math.min(Math.max(millis, line.startMs()), Math.max(line.startMs(), line.endMs()));
  }

  private static int wordsOf(String text) {
    String stripped = text.strip();
    return stripped.isEmpty() ? 0 : stripped.split("\\s+", -1).length;
  }

  private void wait(long startMs, long endMs, int channel, int speaker, int words) {
    lastEndMs = Math.max(lastEndMs, endMs);
    waiting.add(new Interval(Math.max(0, startMs), endMs, channel, speaker, words, added++));
    if (waiting.size() > MAX_WAITING) {
      count(waiting.remove(), Long.MAX_VALUE);
    }
  }

  private void count(Interval interval, long limitMs) {
    reachedMs = Math.max(reachedMs, Math.min(interval.startMs, limitMs));
    long start = reachedMs;
    long end = Math.max(start, Math.min(interval.endMs, limitMs));
    speechAndGaps.add(start, end);
    if (interval.words > 0) {
      speech.add(start, end);
      byChannel.add(interval.channel, start, end, interval.words);
      byRecognizer.add(interval.speaker, start, end, interval.words);
    }
  }

  /// The statistics of all entries added. No entry may be added afterwards.
  public CallStatistics statistics() {
    long stated = durationMs == null ? lastEndMs : durationMs;
    long duration = Math.max(stated, speechAndGaps.untilMs());
    while (!waiting.isEmpty()) {
      count(waiting.remove(), duration);
    }
    TalkTally talk = hasChannels ? byChannel : byRecognizer;
    List<CallStatistics.Speaker> speakers = talk.speakers(hasChannels);
    return new CallStatistics(
        duration,
        talk.talkMs(),
        talk.talkMs() - speech.millis(),
        duration - speechAndGaps.millis(),
        speechAndGaps.millis() - speech.millis(),
        talk.interruptions(),
        talk.firstResponseMs(),
        speakers);
  }
}
