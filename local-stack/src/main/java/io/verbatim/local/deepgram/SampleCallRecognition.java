package io.verbatim.local.deepgram;

import io.verbatim.local.deepgram.RecognitionEvent.RecognizedWord;
import io.verbatim.local.deepgram.RecognitionEvent.Segment;
import io.verbatim.local.deepgram.RecognitionEvent.SpeechStarted;
import io.verbatim.local.sample.SpokenWord;
import io.verbatim.local.sample.Utterance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Recognises a part of the sample call by its script. It emits a word when the word's last sample
/// has arrived, an interim for each new word, and a final 300 ms after an utterance's last word.
/// The results depend only on positions, so the frame sizes affect only the number of interims.
final class SampleCallRecognition implements Recognition {
  private static final long ENDPOINTING = 300L * SampleIndex.RATE_HZ / 1000;

  private final Deque<PendingUtterance> script = new ArrayDeque<>();
  private long finalEnd;
  private int interimWords;
  private boolean speaking;

  /// @param finalEnd the end of the session's last final segment
  /// @param start the first sample of the session that belongs to the sample call; words that begin
  ///   before it are skipped
  /// @param offset position in the sample call minus position in the session; negative if the call
  ///   started later than the session
  SampleCallRecognition(List<Utterance> utterances, long finalEnd, long start, long offset) {
    this.finalEnd = finalEnd;
    for (Utterance next : utterances) {
      List<RecognizedWord> words =
          next.words().stream()
              .map(word -> word.movedEarlier(offset))
              .filter(word -> word.startSample() >= start)
              .map(word -> new RecognizedWord(word, next.speaker()))
              .toList();
      if (!words.isEmpty()) {
        script.add(new PendingUtterance(words));
      }
    }
  }

  /// Processes the audio up to the sample before `received`. [#flush] and [#close] are called with
  /// the position of the last advance.
  List<RecognitionEvent> advance(long received) {
    List<RecognitionEvent> events = new ArrayList<>();
    while (!script.isEmpty()) {
      PendingUtterance utterance = script.getFirst();
      List<RecognizedWord> words = utterance.endedBy(received);
      if (!speaking && received > utterance.startSample()) {
        speaking = true;
        events.add(new SpeechStarted(utterance.startSample()));
      }
      long end = endOf(utterance);
      if (received < end) {
        if (words.size() > interimWords) {
          interimWords = words.size();
          events.add(segment(words, received, false));
        }
        break;
      }
      script.removeFirst();
      speaking = false;
      events.add(finish(segment(words, end, true)));
    }
    return events;
  }

  @Override
  public List<RecognitionEvent> flush(long received) {
    long end = received;
    List<RecognizedWord> words = List.of();
    PendingUtterance utterance = script.peekFirst();
    if (utterance != null) {
      words = utterance.endedBy(received);
      List<RecognizedWord> rest = utterance.words().subList(words.size(), utterance.words().size());
      if (!words.isEmpty()) {
        script.removeFirst();
        speaking = !rest.isEmpty();
        if (speaking) {
          script.addFirst(new PendingUtterance(rest));
        }
      }
      if (!rest.isEmpty()) { // a word in progress belongs to the next segment
        end = Math.min(end, rest.getFirst().word().startSample());
      }
    }
    return end > finalEnd ? List.of(finish(segment(words, end, true))) : List.of();
  }

  @Override
  public List<RecognitionEvent> close(long at) {
    PendingUtterance utterance = script.peekFirst();
    List<RecognizedWord> words = utterance == null ? List.of() : utterance.endedBy(at);
    return words.isEmpty() ? List.of() : List.of(finish(segment(words, at, true)));
  }

  @Override
  public long finalEnd() {
    return finalEnd;
  }

  private long endOf(PendingUtterance utterance) {
    long end = utterance.words().getLast().word().endSample() + ENDPOINTING;
    return script.stream()
        .skip(1)
        .findFirst()
        .map(next -> Math.min(end, next.startSample()))
        .orElse(end);
  }

  private Segment segment(List<RecognizedWord> words, long end, boolean last) {
    List<SpokenWord> spoken = words.stream().map(RecognizedWord::word).toList();
    return new Segment(
        finalEnd, end, Utterance.textOf(spoken), words, last, last && !words.isEmpty(), false);
  }

  private Segment finish(Segment segment) {
    finalEnd = segment.end();
    interimWords = 0;
    return segment;
  }

  /// The words of an utterance that are not in a final yet.
  private record PendingUtterance(List<RecognizedWord> words) {
    long startSample() {
      return words.getFirst().word().startSample();
    }

    List<RecognizedWord> endedBy(long received) {
      return words.stream().filter(word -> word.word().endSample() <= received).toList();
    }
  }
}
