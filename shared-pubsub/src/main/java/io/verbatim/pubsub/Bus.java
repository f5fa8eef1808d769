package io.verbatim.pubsub;

import io.netty.channel.EventLoop;
import java.util.OptionalLong;

/// The ports of one bus over one connection. Its creator closes it, after all users of the bus.
public interface Bus extends AutoCloseable {

  AudioLog audio();

  CallLeases leases();

  TranscriptLog transcripts();

  CallDirectory calls();

  DeadLetters deadLetters();

  PublishedApiKeys apiKeys();

  /// The event loop of the bus: every stage completes on it. Requests may be made on any thread; a
  /// request from the loop itself crosses no thread.
  EventLoop loop();

  /// Whether the bus answers. Reads local state only, without I/O.
  BusHealth health();

  /// What the bus has measured. Reads local state only, without I/O. On any thread.
  BusStats stats();

  /// The server's time in epoch milliseconds, estimated from its answers; empty before the first.
  /// The error is at most the round trip. On the loop.
  OptionalLong serverMillis();

  /// Ends all reads and closes the connection. Later requests fail. Idempotent.
  @Override
  void close();
}
