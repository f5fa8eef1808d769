package io.verbatim.pubsub;

import java.time.Duration;

/// Whether a bus answers at the moment.
public sealed interface BusHealth {

  /// It does.
  record Connected() implements BusHealth {}

  /// It does, but is not what the product needs.
  ///
  /// @param problem one line for operators, such as `redis: maxmemory-policy is allkeys-lru`
  record Degraded(String problem) implements BusHealth {}

  /// It does not; requests fail and reads wait until it does.
  ///
  /// @param since how long already
  /// @param problem one line for operators, such as `redis: not connected for 12 s`
  record Away(Duration since, String problem) implements BusHealth {}
}
