package io.verbatim.ingest.connection;

import io.netty.buffer.ByteBuf;
import io.verbatim.ingest.metrics.IngestMetrics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The connections that are open, at most so many; one leaves when its channel is closed. One sweep
/// serves the timeouts of all. Confined to the event loop, except for [#size].
public final class OpenConnections {
  private final Set<FrameHandler> open = new HashSet<>();
  private final int max;
  private byte[] text = new byte[4096];
  private CompletableFuture<Void> empty = new CompletableFuture<>();

  public OpenConnections(int max, IngestMetrics metrics) {
    this.max = max;
    metrics.gaugeConnections(open::size);
  }

  /// Whether one more would be one too many.
  public boolean isFull() {
    return open.size() >= max;
  }

  /// Completes when no connection is open.
  public CompletionStage<Void> empty() {
    return open.isEmpty() ? CompletableFuture.completedFuture(null) : empty;
  }

  /// Closes all, because this instance stops.
  public void closeAll() {
    List.copyOf(open).forEach(FrameHandler::shutDown);
  }

  /// How many there are. On any thread; there the number may be a moment old.
  public int size() {
    return open.size();
  }

  /// Checks every connection's timeouts; due several times a second.
  public void sweep() {
    List.copyOf(open).forEach(FrameHandler::tick);
  }

  /// Copies a message into the array that all connections of the loop share, from its first byte
  /// on. Valid until the next call.
  byte[] copy(ByteBuf message) {
    int length = message.readableBytes();
    if (text.length < length) {
      text = new byte[length];
    }
    message.getBytes(message.readerIndex(), text, 0, length);
    return text;
  }

  void add(FrameHandler connection) {
    open.add(connection);
  }

  void remove(FrameHandler connection) {
    open.remove(connection);
    if (open.isEmpty()) {
      CompletableFuture<Void> waited = empty;
      empty = new CompletableFuture<>();
      waited.complete(null);
    }
  }
}
