package io.verbatim.local.deepgram;

import io.verbatim.local.deepgram.Hearing.Heard;
import io.verbatim.local.deepgram.Hearing.Segment;
import io.verbatim.local.deepgram.Hearing.SpeechStarted;
import io.verbatim.local.sample.SpokenWord;
import io.verbatim.local.sample.Utterance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Recognises a stretch of the sample call by its script. It says a word only when the word's last
/// sample has arrived, an interim whenever there is a new word, and a final when 300 ms have passed
/// since an utterance's last one. What it says depends on the audio's positions only, so the sizes
/// in which the audio arrives change nothing but the number of interims.
final class SampleCallRecognition implements Recognition {
  private static final long ENDPOINTING = 300L * SampleIndex.RATE_HZ / 1000;

  private final Deque<Line> script = new ArrayDeque<>();
  private long settled;
  private int wordsShown;
  private boolean speaking;

  /// @param settled where the last final segment of the session ends
  /// @param start the first sample of the session that is the sample call's; words that begin
  ///   before it are not heard
  /// @param earlierBy how many samples of the sample call came before the session's first one;
  ///   negative if it began later
  SampleCallRecognition(List<Utterance> utterances, long settled, long start, long earlierBy) {
    this.settled = settled;
    for (Utterance utterance : utterances) {
      List<Heard> words =
          utterance.words().stream()
              .map(word -> word.earlierBy(earlierBy))
              .filter(word -> word.startSample() >= start)
              .map(word -> new Heard(word, utterance.speaker()))
              .toList();
      if (!words.isEmpty()) {
        script.add(new Line(words));
      }
    }
  }

  /// The audio has arrived up to the sample before `heard`; [#flush] and [#leave] follow an advance
  /// to the same place.
  List<Hearing> advance(long heard) {
    List<Hearing> said = new ArrayList<>();
    while (!script.isEmpty()) {
      Line line = script.getFirst();
      List<Heard> words = line.heardBy(heard);
      if (!speaking && heard > line.startSample()) {
        speaking = true;
        said.add(new SpeechStarted(line.startSample()));
      }
      long end = endOf(line);
      if (heard < end) {
        if (words.size() > wordsShown) {
          wordsShown = words.size();
          said.add(segment(words, heard, false));
        }
        break;
      }
      script.removeFirst();
      speaking = false;
      said.add(settle(segment(words, end, true)));
    }
    return said;
  }

  @Override
  public List<Hearing> flush(long heard) {
    long end = heard;
    List<Heard> words = List.of();
    Line line = script.peekFirst();
    if (line != null) {
      words = line.heardBy(heard);
      List<Heard> rest = line.words().subList(words.size(), line.words().size());
      if (!words.isEmpty()) {
        script.removeFirst();
        speaking = !rest.isEmpty();
        if (speaking) {
          script.addFirst(new Line(rest));
        }
      }
      if (!rest.isEmpty()) { // a word that is being spoken belongs to what comes next
        end = Math.min(end, rest.getFirst().word().startSample());
      }
    }
    return end > settled ? List.of(settle(segment(words, end, true))) : List.of();
  }

  @Override
  public List<Hearing> leave(long at) {
    Line line = script.peekFirst();
    List<Heard> words = line == null ? List.of() : line.heardBy(at);
    return words.isEmpty() ? List.of() : List.of(settle(segment(words, at, true)));
  }

  @Override
  public long settled() {
    return settled;
  }

  private long endOf(Line line) {
    long end = line.words().getLast().word().endSample() + ENDPOINTING;
    return script.stream()
        .skip(1)
        .findFirst()
        .map(next -> Math.min(end, next.startSample()))
        .orElse(end);
  }

  private Segment segment(List<Heard> words, long end, boolean last) {
    List<SpokenWord> spoken = words.stream().map(Heard::word).toList();
    return new Segment(
        settled, end, Utterance.textOf(spoken), words, last, last && !words.isEmpty(), false);
  }

  private Segment settle(Segment segment) {
    settled = segment.end();
    wordsShown = 0;
    return segment;
  }

  /// What is left of one utterance.
  private record Line(List<Heard> words) {
    long startSample() {
      return words.getFirst().word().startSample();
    }

    List<Heard> heardBy(long heard) {
      return words.stream().filter(word -> word.word().endSample() <= heard).toList();
    }
  }
}
