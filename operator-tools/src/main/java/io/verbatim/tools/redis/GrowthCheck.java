package io.verbatim.tools.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;

/// Tells a leak from normal use: a leak grows again and again and never shrinks, while instances
/// that start, stop or reconnect change the number once or in both directions.
final class GrowthCheck {
  /// Enough for three increases with pauses between them.
  private static final int SAMPLES = 12;

  private static final int INCREASES = 3;

  private final Deque<Sample> samples = new ArrayDeque<>();

  /// A client whose connections grow.
  record Leak(String name, int from, int to, Duration time) {
    @Override
    public String toString() {
      return "%s grew from %d to %d connections in %d s and never shrank"
          .formatted(name, from, to, time.toSeconds());
    }
  }

  void add(Sample sample) {
    samples.addLast(sample);
    if (samples.size() > SAMPLES) {
      samples.removeFirst();
    }
  }

  /// The clients that leak, by what the last samples show.
  List<Leak> leaks() {
    List<Leak> leaks = new ArrayList<>();
    if (samples.isEmpty()) {
      return leaks;
    }
    for (String name : new TreeSet<>(samples.getLast().byName().keySet())) {
      List<Integer> counts =
          samples.stream().map(sample -> sample.byName().getOrDefault(name, 0)).toList();
      int increases = 0;
      boolean shrank = false;
      for (int i = 1; i < counts.size(); i++) {
        increases += counts.get(i) > counts.get(i - 1) ? 1 : 0;
        shrank |= counts.get(i) < counts.get(i - 1);
      }
      if (increases >= INCREASES && !shrank) {
        leaks.add(
            new Leak(
                name,
                counts.getFirst(),
                counts.getLast(),
                Duration.between(samples.getFirst().time(), samples.getLast().time())));
      }
    }
    return leaks;
  }
}
