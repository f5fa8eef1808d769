package io.verbatim.local.deepgram;

import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.Utterance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds audio in the sample call by its samples. The call's comfort noise makes every few
/// milliseconds of it unlike all others, so sixteen equal samples in a row tell the place.
/// Immutable; shared by all sessions.
final class SampleIndex {
  /// The only rate at which the sample call is known.
  static final int RATE_HZ = SampleCall.RATE_HZ;

  /// Audio that is shorter than this may go unrecognised.
  static final int NEEDED = 32;

  private static final int STRIDE = 16;
  private static final int KEY_SAMPLES = 4;

  private final short[] call;
  private final List<Utterance> utterances;
  private final Map<Long, Integer> places = new HashMap<>();

  SampleIndex(SampleCall sampleCall) {
    this.call = sampleCall.samples();
    this.utterances = sampleCall.utterances();
    for (int at = 0; at + STRIDE <= call.length; at += STRIDE) {
      places.putIfAbsent(key(call, at), at);
    }
  }

  List<Utterance> utterances() {
    return utterances;
  }

  /// The first place in `samples` from `from` on where the sample call is heard.
  Optional<Match> find(short[] samples, int from) {
    for (int at = from; at + STRIDE <= samples.length; at++) {
      Integer place = places.get(key(samples, at));
      if (place != null && sameFrom(place, samples, at) >= STRIDE) {
        int back = 0;
        while (at - back > from
            && place - back > 0
            && samples[at - back - 1] == call[place - back - 1]) {
          back++;
        }
        return Optional.of(new Match(at - back, place - back));
      }
    }
    return Optional.empty();
  }

  /// How many samples from `at` on are those of the call from `place` on.
  int sameFrom(int place, short[] samples, int at) {
    int same = 0;
    while (at + same < samples.length
        && place + same < call.length
        && samples[at + same] == call[place + same]) {
      same++;
    }
    return same;
  }

  private static long key(short[] samples, int at) {
    long key = 0;
    for (int index = 0; index < KEY_SAMPLES; index++) {
      key = (key << 16) | (samples[at + index] & 0xffffL);
    }
    return key;
  }

  /// Sample `at` of what was searched is sample `place` of the call.
  record Match(int at, int place) {}
}
