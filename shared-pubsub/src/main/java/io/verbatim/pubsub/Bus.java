package io.verbatim.pubsub;

/// The ports of one bus over one connection. Whoever opened the bus closes it, after everything
/// that uses it.
public interface Bus extends AutoCloseable {

  AudioLog audio();

  TranscriptLog transcripts();

  CallDirectory calls();

  DeadLetters deadLetters();

  /// Whether the bus answers, from local state only: never any I/O.
  BusHealth health();

  /// Ends all reads and closes the connection; requests made afterwards fail. Idempotent.
  @Override
  void close();
}
