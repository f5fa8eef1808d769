package io.verbatim.gateway.export;

import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptScan;
import io.verbatim.gateway.statistics.CallStatistics;
import io.verbatim.gateway.statistics.SpeechTimeline;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The data of a transcript that a document needs before its first line: the speakers, the gaps,
/// the statistics, the end, and the earliest cue of each page.
///
/// It holds the gaps, one number per page, and the times of a bounded number of words, but no text.
public final class TranscriptSummary implements TranscriptScan.Summary {

  private final List<TranscriptEntry> gaps = new ArrayList<>();
  private final List<Long> earliest = new ArrayList<>();
  private final SpeechTimeline timeline = new SpeechTimeline();
  private boolean hasChannels;
  private boolean hasSpeakers;
  private OptionalInt lastSpeaker = OptionalInt.empty();
  private boolean ended;
  private Position end = Position.START;

  @Override
  public void add(List<TranscriptEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    entries.forEach(this::add);
    entries.forEach(timeline::add);
    earliest.add(Cue.of(entries).mapToLong(Cue::startMs).min().orElse(Long.MAX_VALUE));
    end = Position.after(entries.getLast());
  }

  private void add(TranscriptEntry entry) {
    ended = entry instanceof TranscriptEntry.Ended;
    switch (entry) {
      case TranscriptEntry.Final words -> add(words.speech());
      case TranscriptEntry.Gap gap -> gaps.add(gap);
      case TranscriptEntry.Ended _ -> {}
    }
  }

  private void add(Speech words) {
    hasChannels |= words.channel() > 0;
    int speaker = Speakers.speaker(words);
    hasSpeakers |= lastSpeaker.isPresent() && lastSpeaker.getAsInt() != speaker;
    lastSpeaker = OptionalInt.of(speaker);
  }

  Speakers speakers() {
    return new Speakers(hasChannels, hasSpeakers);
  }

  /// The transcript's gaps, in order.
  public List<TranscriptEntry> gaps() {
    return List.copyOf(gaps);
  }

  /// The statistics of all entries. Called once, after the last page.
  CallStatistics statistics() {
    return timeline.statistics();
  }

  /// Whether the transcript has no end yet. It may be newer than the call's record.
  boolean isLive() {
    return !ended;
  }

  /// The position after the last entry that was read.
  public Position end() {
    return end;
  }

  /// The number of pages that are not empty.
  public int pages() {
    return earliest.size();
  }

  /// The earliest start of a cue on the pages after a page.
  ///
  /// @param page counted from 0
  long earliestAfter(int page) {
    return earliest.stream().skip(page + 1).mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
  }
}
