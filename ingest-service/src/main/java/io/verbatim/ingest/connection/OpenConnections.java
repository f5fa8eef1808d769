package io.verbatim.ingest.connection;

import io.netty.buffer.ByteBuf;
import io.verbatim.ingest.metrics.IngestMetrics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The open connections, limited in number; a connection is removed when its channel closes. One
/// sweep checks the timeouts of all. Confined to the event loop, except for [#size].
public final class OpenConnections {
  private final Set<OpenConnection> open = new HashSet<>();
  private final int max;
  private byte[] text = new byte[4096];
  private CompletableFuture<Void> empty = new CompletableFuture<>();

  public OpenConnections(int max, IngestMetrics metrics) {
    this.max = max;
    metrics.gaugeConnections(open::size);
  }

  /// Whether the limit on connections is reached.
  public boolean isFull() {
    return open.size() >= max;
  }

  /// Completes when no connection is open.
  public CompletionStage<Void> empty() {
    return open.isEmpty() ? CompletableFuture.completedFuture(null) : empty;
  }

  /// Completes when no connection is open; at once if none of them waits for the last words of its
  /// call.
  public CompletionStage<Void> finished() {
    return open.stream().anyMatch(OpenConnection::isFinishing)
        ? empty()
        : CompletableFuture.completedFuture(null);
  }

  /// Closes all connections because this instance stops.
  public void closeAll() {
    List.copyOf(open).forEach(OpenConnection::shutDown);
  }

  /// The number of open connections. Callable on any thread; on other threads the number may be
  /// stale.
  public int size() {
    return open.size();
  }

  /// Checks every connection's timeouts. Called several times a second.
  public void sweep() {
    List.copyOf(open).forEach(OpenConnection::tick);
  }

  /// Copies a message to the start of an array that all connections of the loop share. Valid until
  /// the next call.
  byte[] copy(ByteBuf message) {
    int length = message.readableBytes();
    if (text.length < length) {
      text = new byte[length];
    }
    message.getBytes(message.readerIndex(), text, 0, length);
    return text;
  }

  public void add(OpenConnection connection) {
    open.add(connection);
  }

  public void remove(OpenConnection connection) {
    open.remove(connection);
    if (open.isEmpty()) {
      CompletableFuture<Void> waited = empty;
      empty = new CompletableFuture<>();
      waited.complete(null);
    }
  }
}
