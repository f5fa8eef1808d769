package io.verbatim.gateway.export;

import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptScan;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// What a document needs of a transcript before its first line can be written: who speaks, where
/// audio is missing, where the transcript ends, and from where on the cues of each page begin.
///
/// It keeps the gaps and one number per page, and nothing of the words.
public final class TranscriptSummary implements TranscriptScan.Summary {

  private final List<TranscriptEntry> gaps = new ArrayList<>();
  private final List<Long> earliest = new ArrayList<>();
  private boolean channels;
  private boolean voices;
  private OptionalInt voice = OptionalInt.empty();
  private boolean ended;
  private Position end = Position.START;

  @Override
  public void add(List<TranscriptEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    entries.forEach(this::add);
    earliest.add(Cue.of(entries).mapToLong(Cue::startMs).min().orElse(Long.MAX_VALUE));
    end = Position.behind(entries.getLast());
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
    channels |= words.channel() > 0;
    int heard = Speakers.voice(words);
    voices |= voice.isPresent() && voice.getAsInt() != heard;
    voice = OptionalInt.of(heard);
  }

  Speakers speakers() {
    return new Speakers(channels, voices);
  }

  /// The transcript's gaps, in order.
  public List<TranscriptEntry> gaps() {
    return List.copyOf(gaps);
  }

  /// By the transcript, which may have gone on since the directory was asked.
  boolean isGoingOn() {
    return !ended;
  }

  /// The last entry that was read.
  public Position end() {
    return end;
  }

  /// How many pages were read that are not empty.
  public int pages() {
    return earliest.size();
  }

  /// Before this time no cue begins behind a page.
  ///
  /// @param page counted from 0
  long earliestBehind(int page) {
    return earliest.stream().skip(page + 1).mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
  }
}
