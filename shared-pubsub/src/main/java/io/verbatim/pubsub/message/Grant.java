package io.verbatim.pubsub.message;

import java.util.List;
import java.util.stream.IntStream;

/// A call that was given to a worker, as it stood at that moment.
///
/// @param owner the random token every write of this worker carries
/// @param epoch how often the call has been taken, this time included; informative only, the token
///   fences
/// @param deliveryCount how often it has gone from one worker to another since `covered` last moved
/// @param covered per channel, the position below which every word has been written
/// @param interims what is shown as being said, in order of channel
public record Grant(
    CallStart start,
    String owner,
    long epoch,
    int deliveryCount,
    List<Long> covered,
    List<Speech> interims) {
  public Grant {
    covered = List.copyOf(covered);
    interims = List.copyOf(interims);
  }

  public CallId call() {
    return start.call();
  }

  /// Per channel, the id of the segment shown as interim, empty where there is none.
  public List<String> segments() {
    return IntStream.range(0, covered.size())
        .mapToObj(channel ->
            interims.stream()
                .filter(interim -> interim.channel() == channel)
                .map(Speech::segment)
                .findFirst()
                .orElse(""))
        .toList();
  }

  /// Where a reader begins: below this no channel needs audio.
  public long lowestCovered() {
    return covered.stream().mapToLong(Long::longValue).min().orElse(0);
  }
}
