package io.verbatim.pubsub;

import java.time.Duration;

/// Whether a bus currently answers.
public sealed interface BusHealth {

  /// The bus answers.
  record Connected() implements BusHealth {}

  /// The bus answers, but its configuration is unsuitable.
  ///
  /// @param problem one line for operators, such as `redis: maxmemory-policy is allkeys-lru`
  record Degraded(String problem) implements BusHealth {}

  /// The bus does not answer. Requests fail, and reads wait until it answers again.
  ///
  /// @param since the length of the outage so far
  /// @param problem one line for operators, such as `redis: not connected for 12 s`
  record Away(Duration since, String problem) implements BusHealth {}
}
