package io.verbatim.pubsub.contract;

import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// Transcript entries for comparison.
public final class Entries {
  private Entries() {}

  /// The same entries without their links, which start with a random line, and their times.
  public static List<TranscriptEntry> unlinked(List<TranscriptEntry> entries) {
    return entries.stream().map(Entries::unlinked).toList();
  }

  private static TranscriptEntry unlinked(TranscriptEntry entry) {
    return switch (entry) {
      case TranscriptEntry.Final words ->
          new TranscriptEntry.Final(words.id(), Link.NONE, words.seq(), words.speech());
      case TranscriptEntry.Gap gap ->
          new TranscriptEntry.Gap(gap.id(), Link.NONE, gap.startMs(), gap.endMs(), gap.reason());
      case TranscriptEntry.Ended ended ->
          new TranscriptEntry.Ended(
              ended.id(), Link.NONE, ended.reason(), ended.durationMs(), ended.complete());
    };
  }
}
