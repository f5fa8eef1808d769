package io.verbatim.ingest.transcript;

import io.verbatim.pubsub.CoveredSpeech;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The interim of each channel that a caller has, to send it only changes. Confined to the event
/// loop.
final class SentInterims {
  private final Map<Integer, Speech> sent = new TreeMap<>();
  private final CoveredSpeech covered = new CoveredSpeech();

  /// Forgets the interims that an entry covers: for the caller, the entry replaces them.
  void covered(TranscriptEntry entry) {
    covered.add(entry);
    sent.values().removeIf(covered::contains);
  }

  /// Emits what differs from the sent interims. One that disappeared without a final is emitted
  /// without text.
  void update(List<Speech> interims, Consumer<Speech> changed) {
    for (Iterator<Speech> shown = sent.values().iterator(); shown.hasNext(); ) {
      Speech old = shown.next();
      if (interims.stream().noneMatch(speech -> speech.channel() == old.channel())) {
        shown.remove();
        changed.accept(old.withoutWords());
      }
    }
    for (Speech speech : interims) {
      if (!covered.contains(speech) && !speech.equals(sent.put(speech.channel(), speech))) {
        changed.accept(speech);
      }
    }
  }
}
