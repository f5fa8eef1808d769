package io.verbatim.local.deepgram;

import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.Utterance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds audio in the sample call by its samples. The call's comfort noise makes every few
/// milliseconds unique, so 16 equal samples in a row identify the position. Immutable; shared by
/// all sessions.
final class SampleIndex {
  /// The rate of the sample call.
  static final int RATE_HZ = SampleCall.RATE_HZ;

  /// The number of samples that are enough to find the call.
  static final int MIN_SAMPLES = 32;

  private static final int STRIDE = 16;
  private static final int KEY_SAMPLES = 4;

  private final short[] call;
  private final List<Utterance> utterances;
  private final Map<Long, Integer> positions = new HashMap<>();

  SampleIndex(SampleCall sampleCall) {
    this.call = sampleCall.samples();
    this.utterances = sampleCall.utterances();
    for (int at = 0; at + STRIDE <= call.length; at += STRIDE) {
      positions.putIfAbsent(key(call, at), at);
    }
  }

  List<Utterance> utterances() {
    return utterances;
  }

  /// Finds the first part of the sample call in `samples`, starting at index `from`.
  Optional<Match> find(short[] samples, int from) {
    for (int at = from; at + STRIDE <= samples.length; at++) {
      Integer position = positions.get(key(samples, at));
      if (position != null && matchLength(position, samples, at) >= STRIDE) {
        int back = 0;
        while (at - back > from
            && position - back > 0
            && samples[at - back - 1] == call[position - back - 1]) {
          back++;
        }
        return Optional.of(new Match(at - back, position - back));
      }
    }
    return Optional.empty();
  }

  /// The number of consecutive samples from `at` that equal those of the call from `position`.
  int matchLength(int position, short[] samples, int at) {
    int same = 0;
    while (at + same < samples.length
        && position + same < call.length
        && samples[at + same] == call[position + same]) {
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

  /// Sample `at` of the searched audio is sample `position` of the call.
  record Match(int at, int position) {}
}
