package io.verbatim.local.deepgram;

import io.verbatim.local.deepgram.RecognitionEvent.Segment;
import io.verbatim.local.deepgram.RecognitionEvent.SpeechStarted;
import java.util.ArrayList;
import java.util.List;

/// Detects speech by energy, in audio with unknown words. Each period of speech becomes a final
/// segment `[speech]` without words. Silence becomes empty finals of at most 5 s, so that the
/// client sees the progress.
final class SpeechDetector implements Recognition {
  /// The text for speech with unknown words.
  static final String SPEECH = "[speech]";

  private static final int FRAMES_PER_SECOND = 50;
  private static final int ONSET_FRAMES = 3;
  private static final int HANGOVER_FRAMES = 25;
  private static final int MAX_SILENCE_SECONDS = 5;
  private static final int MAX_SPEECH_SECONDS = 10;
  private static final double MIN_NOISE_RATIO = 3.5;
  private static final double MIN_LOUDNESS = 200;
  private static final double NOISE_RISE_PER_FRAME = 1.005;

  private final int rateHz;
  private final int frameLength;
  private long received;
  private long finalEnd;
  private long speechStart = -1;
  private long interimAt;
  private int loudFrames;
  private int quietFrames;
  private double noise = MIN_LOUDNESS / MIN_NOISE_RATIO;
  private double energy;
  private int inFrame;

  /// @param finalEnd the end of the session's last final segment
  /// @param from the position of the first sample that this detector receives
  SpeechDetector(int rateHz, long finalEnd, long from) {
    this.rateHz = rateHz;
    this.frameLength = rateHz / FRAMES_PER_SECOND;
    this.finalEnd = finalEnd;
    this.received = from;
  }

  /// Processes the samples from index `from` to before `to`.
  List<RecognitionEvent> accept(short[] samples, int from, int to) {
    List<RecognitionEvent> events = new ArrayList<>();
    for (int index = from; index < to; index++) {
      energy += (double) samples[index] * samples[index];
      received++;
      if (++inFrame == frameLength) {
        frame(Math.sqrt(energy / frameLength), events);
        energy = 0;
        inFrame = 0;
      }
    }
    return events;
  }

  private void frame(double loudness, List<RecognitionEvent> events) {
    boolean loud = loudness > Math.max(MIN_LOUDNESS, noise * MIN_NOISE_RATIO);
    noise = Math.min(Math.max(loudness, 1), noise * NOISE_RISE_PER_FRAME);
    loudFrames = loud ? loudFrames + 1 : 0;
    quietFrames = loud ? 0 : quietFrames + 1;
    if (speechStart < 0) {
      detectOnset(events);
    } else {
      followSpeech(events);
    }
  }

  private void detectOnset(List<RecognitionEvent> events) {
    if (loudFrames == ONSET_FRAMES) {
      speechStart = Math.max(finalEnd, received - (long) ONSET_FRAMES * frameLength);
      interimAt = received;
      if (speechStart > finalEnd) {
        events.add(finish(Segment.silence(finalEnd, speechStart)));
      }
      events.add(new SpeechStarted(speechStart));
    } else if (loudFrames == 0 && received - finalEnd >= (long) MAX_SILENCE_SECONDS * rateHz) {
      events.add(finish(Segment.silence(finalEnd, received)));
    }
  }

  private void followSpeech(List<RecognitionEvent> events) {
    if (quietFrames == HANGOVER_FRAMES) {
      long end = received - (long) HANGOVER_FRAMES * frameLength;
      if (end > finalEnd) {
        events.add(finish(speech(end, true, true)));
      }
      speechStart = -1;
    } else if (received - speechStart >= (long) MAX_SPEECH_SECONDS * rateHz) {
      events.add(finish(speech(received, true, false)));
      speechStart = received;
    } else if (received - interimAt >= rateHz) {
      interimAt = received;
      events.add(speech(received, false, false));
    }
  }

  @Override
  public List<RecognitionEvent> flush(long receivedSoFar) {
    return receivedSoFar > finalEnd ? List.of(finishAll(receivedSoFar)) : List.of();
  }

  @Override
  public List<RecognitionEvent> close(long at) {
    return speechStart >= 0 && at > finalEnd ? List.of(finishAll(at)) : List.of();
  }

  @Override
  public long finalEnd() {
    return finalEnd;
  }

  private Segment finishAll(long end) {
    if (speechStart < 0) {
      return finish(Segment.silence(finalEnd, end));
    }
    Segment segment = finish(speech(end, true, false));
    speechStart = end;
    return segment;
  }

  private Segment speech(long end, boolean last, boolean speechFinal) {
    return new Segment(finalEnd, end, SPEECH, List.of(), last, speechFinal, false);
  }

  private Segment finish(Segment segment) {
    finalEnd = segment.end();
    return segment;
  }
}
