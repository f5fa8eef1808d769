package io.verbatim.pubsub;

import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.HashMap;
import java.util.Map;

/// The speech of a call that its transcript's entries cover, for a reader that must drop interims.
/// The live state may hold a covered interim after a crash between two writes, or because it is
/// read before the entries. Not thread-safe.
public final class CoveredSpeech {
  private final Map<Integer, Long> finalEnds = new HashMap<>();
  private long gapEnd;

  /// Adds what an entry covers: a final its channel up to its end, a gap all channels, and the end
  /// of the call everything.
  public void add(TranscriptEntry entry) {
    switch (entry) {
      case TranscriptEntry.Final(_, _, _, Speech speech, _) ->
          finalEnds.merge(speech.channel(), speech.endMs(), Math::max);
      case TranscriptEntry.Gap gap -> gapEnd = Math.max(gapEnd, gap.endMs());
      case TranscriptEntry.Ended _ -> gapEnd = Long.MAX_VALUE;
    }
  }

  /// Whether an interim starts in covered speech.
  public boolean contains(Speech interim) {
    return interim.startMs() < Math.max(gapEnd, finalEnds.getOrDefault(interim.channel(), 0L));
  }
}
