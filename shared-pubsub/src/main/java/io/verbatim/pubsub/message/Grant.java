package io.verbatim.pubsub.message;

import java.util.List;
import java.util.stream.IntStream;

/// A call that was granted to a worker, with its state at that moment.
///
/// @param owner the random token that every write of this worker carries
/// @param epoch how often the call has been claimed, this time included; informative only, because
///   the token fences
/// @param deliveryCount how many claims since `covered` last moved count as failed deliveries, this
///   one included
/// @param covered per channel, the position below which all words have been written
/// @param interims the current interims, in order of channel
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

  /// Per channel, the segment id of the current interim; empty if there is none.
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

  /// The position at which a reader starts: no channel needs audio below it.
  public long lowestCovered() {
    return covered.stream().mapToLong(Long::longValue).min().orElse(0);
  }
}
