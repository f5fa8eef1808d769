package io.verbatim.local.deepgram;

import io.verbatim.local.deepgram.Hearing.Segment;
import io.verbatim.local.deepgram.Hearing.SpeechStarted;
import io.verbatim.local.deepgram.Hearing.UtteranceEnd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Listens to one channel of a session: by the script while the audio is the sample call's, by
/// energy while it is not. A session may begin anywhere in the call, leave it and come back. Not
/// thread-safe.
final class ChannelRecognition {
  private final @Nullable SampleIndex index;
  private final int rateHz;
  private final long utteranceEndSamples;
  private Recognition recognition;
  private long heard;
  private int place;
  private short[] unplaced = new short[0];
  private long lastSpeechEnd = -1;

  /// @param index null where the audio cannot be the sample call's: another coding or rate
  /// @param utteranceEndSamples how long nobody speaks until an [UtteranceEnd]; 0 for never
  ChannelRecognition(@Nullable SampleIndex index, int rateHz, long utteranceEndSamples) {
    this.index = index;
    this.rateHz = rateHz;
    this.utteranceEndSamples = utteranceEndSamples;
    this.recognition = new SpeechDetector(rateHz, 0, 0);
  }

  /// Hears the next samples.
  List<Hearing> hear(short[] samples) {
    List<Hearing> said = new ArrayList<>();
    int at = 0;
    while (at < samples.length) {
      at =
          switch (recognition) {
            case SampleCallRecognition script -> follow(script, samples, at, said);
            case SpeechDetector detector -> detect(detector, samples, at, said);
          };
    }
    return withUtteranceEnds(said);
  }

  /// Says what can be said now; with `Finalize` more audio may follow.
  List<Hearing> flush() {
    return withUtteranceEnds(recognition.flush(heard));
  }

  /// Samples heard so far.
  long heard() {
    return heard;
  }

  /// Where the last final segment ends.
  long settled() {
    return recognition.settled();
  }

  private int follow(SampleCallRecognition script, short[] samples, int at, List<Hearing> said) {
    int same = knownCall().sameFrom(place, samples, at);
    place += same;
    heard += same;
    said.addAll(script.advance(heard));
    if (at + same < samples.length) {
      said.addAll(script.leave(heard));
      recognition = new SpeechDetector(rateHz, script.settled(), heard);
      unplaced = new short[0];
    }
    return at + same;
  }

  private int detect(SpeechDetector detector, short[] samples, int at, List<Hearing> said) {
    Optional<SampleIndex.Match> match = find(samples, at);
    int until = match.map(SampleIndex.Match::at).orElse(samples.length);
    said.addAll(detector.hear(samples, at, until));
    heard += until - at;
    match.ifPresent(found -> {
      said.addAll(detector.leave(heard));
      place = found.place();
      recognition =
          new SampleCallRecognition(
              knownCall().utterances(), detector.settled(), heard, place - heard);
    });
    return until;
  }

  /// Looks for the call in what is new and in the few samples before it that were too few to tell.
  private Optional<SampleIndex.Match> find(short[] samples, int from) {
    if (index == null) {
      return Optional.empty();
    }
    int carried = unplaced.length;
    short[] searched = Arrays.copyOf(unplaced, carried + samples.length - from);
    System.arraycopy(samples, from, searched, carried, samples.length - from);
    Optional<SampleIndex.Match> match = index.find(searched, 0);
    unplaced =
        Arrays.copyOfRange(
            searched, Math.max(0, searched.length - SampleIndex.NEEDED), searched.length);
    return match.map(found -> {
      int inCarried = Math.max(0, carried - found.at());
      return new SampleIndex.Match(
          from + Math.max(0, found.at() - carried), found.place() + inCarried);
    });
  }

  private SampleIndex knownCall() {
    if (index == null) {
      throw new IllegalStateException("the sample call is not known in this session");
    }
    return index;
  }

  private List<Hearing> withUtteranceEnds(List<Hearing> said) {
    if (utteranceEndSamples == 0) {
      return said;
    }
    List<Hearing> all = new ArrayList<>();
    for (Hearing hearing : said) {
      switch (hearing) {
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
      all.add(hearing);
    }
    endUtterance(heard, all);
    return all;
  }

  private void endUtterance(long silentUntil, List<Hearing> all) {
    if (lastSpeechEnd >= 0 && silentUntil - lastSpeechEnd >= utteranceEndSamples) {
      all.add(new UtteranceEnd(lastSpeechEnd));
      lastSpeechEnd = -1;
    }
  }
}
