package io.verbatim.local.deepgram;

import io.verbatim.local.deepgram.Hearing.Segment;
import io.verbatim.local.deepgram.Hearing.SpeechStarted;
import java.util.ArrayList;
import java.util.List;

/// Tells by its energy when somebody speaks, in audio whose words nobody knows. Each stretch of
/// speech becomes a final segment `[speech]` without words; silence becomes empty finals, five
/// seconds at most, so that a reader knows how far we are.
final class SpeechDetector implements Recognition {
  /// The text that stands for speech whose words are not known.
  static final String SPEECH = "[speech]";

  private static final int FRAMES_PER_SECOND = 50;
  private static final int ONSET_FRAMES = 3;
  private static final int HANGOVER_FRAMES = 25;
  private static final int LONGEST_SILENCE_S = 5;
  private static final int LONGEST_SPEECH_S = 10;
  private static final double LOUDER_THAN_NOISE = 3.5;
  private static final double FAINTEST_SPEECH = 200;
  private static final double NOISE_RISE = 1.005;

  private final int rateHz;
  private final int frameLength;
  private long heard;
  private long settled;
  private long speechStart = -1;
  private long interimAt;
  private int loudFrames;
  private int quietFrames;
  private double noise = FAINTEST_SPEECH / LOUDER_THAN_NOISE;
  private double energy;
  private int inFrame;

  /// @param settled where the last final segment of the session ends
  /// @param from the first sample this detector will hear
  SpeechDetector(int rateHz, long settled, long from) {
    this.rateHz = rateHz;
    this.frameLength = rateHz / FRAMES_PER_SECOND;
    this.settled = settled;
    this.heard = from;
  }

  /// Hears the samples from `from` to before `to`.
  List<Hearing> hear(short[] samples, int from, int to) {
    List<Hearing> said = new ArrayList<>();
    for (int index = from; index < to; index++) {
      energy += (double) samples[index] * samples[index];
      heard++;
      if (++inFrame == frameLength) {
        frame(Math.sqrt(energy / frameLength), said);
        energy = 0;
        inFrame = 0;
      }
    }
    return said;
  }

  private void frame(double loudness, List<Hearing> said) {
    boolean loud = loudness > Math.max(FAINTEST_SPEECH, noise * LOUDER_THAN_NOISE);
    noise = Math.min(Math.max(loudness, 1), noise * NOISE_RISE);
    loudFrames = loud ? loudFrames + 1 : 0;
    quietFrames = loud ? 0 : quietFrames + 1;
    if (speechStart < 0) {
      listen(said);
    } else {
      followSpeech(said);
    }
  }

  private void listen(List<Hearing> said) {
    if (loudFrames == ONSET_FRAMES) {
      speechStart = Math.max(settled, heard - (long) ONSET_FRAMES * frameLength);
      interimAt = heard;
      if (speechStart > settled) {
        said.add(settle(Segment.silence(settled, speechStart)));
      }
      said.add(new SpeechStarted(speechStart));
    } else if (loudFrames == 0 && heard - settled >= (long) LONGEST_SILENCE_S * rateHz) {
      said.add(settle(Segment.silence(settled, heard)));
    }
  }

  private void followSpeech(List<Hearing> said) {
    if (quietFrames == HANGOVER_FRAMES) {
      long end = heard - (long) HANGOVER_FRAMES * frameLength;
      if (end > settled) {
        said.add(settle(speech(end, true, true)));
      }
      speechStart = -1;
    } else if (heard - speechStart >= (long) LONGEST_SPEECH_S * rateHz) {
      said.add(settle(speech(heard, true, false)));
      speechStart = heard;
    } else if (heard - interimAt >= rateHz) {
      interimAt = heard;
      said.add(speech(heard, false, false));
    }
  }

  @Override
  public List<Hearing> flush(long heardSoFar) {
    return heardSoFar > settled ? List.of(settleAll(heardSoFar)) : List.of();
  }

  @Override
  public List<Hearing> leave(long at) {
    return speechStart >= 0 && at > settled ? List.of(settleAll(at)) : List.of();
  }

  @Override
  public long settled() {
    return settled;
  }

  private Segment settleAll(long end) {
    if (speechStart < 0) {
      return settle(Segment.silence(settled, end));
    }
    Segment segment = settle(speech(end, true, false));
    speechStart = end;
    return segment;
  }

  private Segment speech(long end, boolean last, boolean speechFinal) {
    return new Segment(settled, end, SPEECH, List.of(), last, speechFinal, false);
  }

  private Segment settle(Segment segment) {
    settled = segment.end();
    return segment;
  }
}
