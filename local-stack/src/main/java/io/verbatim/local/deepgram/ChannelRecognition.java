package io.verbatim.local.deepgram;

import io.verbatim.local.deepgram.RecognitionEvent.Segment;
import io.verbatim.local.deepgram.RecognitionEvent.SpeechStarted;
import io.verbatim.local.deepgram.RecognitionEvent.UtteranceEnd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Recognises one channel of a session: by the script while the audio is that of the sample call,
/// by energy otherwise. A session may start anywhere in the call, leave it and return to it. Not
/// thread-safe.
final class ChannelRecognition {
  private final @Nullable SampleIndex index;
  private final int rateHz;
  private final long utteranceEndSamples;
  private Recognition recognition;
  private long received;
  private int callPosition;
  private short[] searchBuffer = new short[0];
  private long lastSpeechEnd = -1;

  /// @param index null if the audio cannot be the sample call because of its coding or rate
  /// @param utteranceEndSamples the silence after which an [UtteranceEnd] follows; 0 for never
  ChannelRecognition(@Nullable SampleIndex index, int rateHz, long utteranceEndSamples) {
    this.index = index;
    this.rateHz = rateHz;
    this.utteranceEndSamples = utteranceEndSamples;
    this.recognition = new SpeechDetector(rateHz, 0, 0);
  }

  /// Processes the next samples.
  List<RecognitionEvent> accept(short[] samples) {
    List<RecognitionEvent> events = new ArrayList<>();
    int at = 0;
    while (at < samples.length) {
      at =
          switch (recognition) {
            case SampleCallRecognition script -> follow(script, samples, at, events);
            case SpeechDetector detector -> detect(detector, samples, at, events);
          };
    }
    return withUtteranceEnds(events);
  }

  /// Finalizes the audio received so far. More audio may follow.
  List<RecognitionEvent> flush() {
    return withUtteranceEnds(recognition.flush(received));
  }

  /// The number of samples received.
  long received() {
    return received;
  }

  /// The end of the last final segment.
  long finalEnd() {
    return recognition.finalEnd();
  }

  private int follow(
      SampleCallRecognition script, short[] samples, int at, List<RecognitionEvent> events) {
    int matching = requireIndex().matchLength(callPosition, samples, at);
    callPosition += matching;
    received += matching;
    events.addAll(script.advance(received));
    if (at + matching < samples.length) {
      events.addAll(script.close(received));
      recognition = new SpeechDetector(rateHz, script.finalEnd(), received);
      searchBuffer = new short[0];
    }
    return at + matching;
  }

  private int detect(
      SpeechDetector detector, short[] samples, int at, List<RecognitionEvent> events) {
    Optional<SampleIndex.Match> match = find(samples, at);
    int until = match.map(SampleIndex.Match::at).orElse(samples.length);
    events.addAll(detector.accept(samples, at, until));
    received += until - at;
    match.ifPresent(found -> {
      events.addAll(detector.close(received));
      callPosition = found.position();
      recognition =
          new SampleCallRecognition(
              requireIndex().utterances(), detector.finalEnd(), received, callPosition - received);
    });
    return until;
  }

  /// Searches the new samples, and the few samples before them that were too few for a match.
  private Optional<SampleIndex.Match> find(short[] samples, int from) {
    if (index == null) {
      return Optional.empty();
    }
    int carried = searchBuffer.length;
    short[] searched = Arrays.copyOf(searchBuffer, carried + samples.length - from);
    System.arraycopy(samples, from, searched, carried, samples.length - from);
    Optional<SampleIndex.Match> match = index.find(searched, 0);
    searchBuffer =
        Arrays.copyOfRange(
            searched, Math.max(0, searched.length - SampleIndex.MIN_SAMPLES), searched.length);
    return match.map(found -> {
      int inCarried = Math.max(0, carried - found.at());
      return new SampleIndex.Match(
          from + Math.max(0, found.at() - carried), found.position() + inCarried);
    });
  }

  private SampleIndex requireIndex() {
    if (index == null) {
      throw new IllegalStateException("this session has no sample index");
    }
    return index;
  }

  private List<RecognitionEvent> withUtteranceEnds(List<RecognitionEvent> events) {
    if (utteranceEndSamples == 0) {
      return events;
    }
    List<RecognitionEvent> all = new ArrayList<>();
    for (RecognitionEvent event : events) {
      switch (event) {
        case SpeechStarted(long at) -> {
          endUtterance(at, all);
          lastSpeechEnd = -1;
        }
        case Segment segment when segment.isFinal() && !segment.transcript().isEmpty() ->
            lastSpeechEnd =
                segment.words().isEmpty()
                    ? segment.end()
                    : segment.words().getLast().word().endSample();
        case Segment _, UtteranceEnd _ -> {}
      }
      all.add(event);
    }
    endUtterance(received, all);
    return all;
  }

  private void endUtterance(long silentUntil, List<RecognitionEvent> all) {
    if (lastSpeechEnd >= 0 && silentUntil - lastSpeechEnd >= utteranceEndSamples) {
      all.add(new UtteranceEnd(lastSpeechEnd));
      lastSpeechEnd = -1;
    }
  }
}
