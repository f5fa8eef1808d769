package io.verbatim.pubsub;

import io.netty.channel.EventLoop;

/// The ports of one bus over one connection. Whoever opened the bus closes it, after everything
/// that uses it.
public interface Bus extends AutoCloseable {

  AudioLog audio();

  CallLeases leases();

  TranscriptLog transcripts();

  CallDirectory calls();

  DeadLetters deadLetters();

  /// The event loop of the bus: every stage completes on it. Requests may be made on any thread;
  /// made on the loop they cost no hand-over.
  EventLoop loop();

  /// Whether the bus answers, from local state only: never any I/O.
  BusHealth health();

  /// Ends all reads and closes the connection; requests made afterwards fail. Idempotent.
  @Override
  void close();
}
