package io.verbatim.ingest.websocket;

import io.verbatim.ingest.metrics.IngestMetrics;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The sockets that are open, at most so many; a socket leaves when it is gone. For use by any
/// thread.
public final class OpenSockets {
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final int most;
  private final AtomicReference<@Nullable CompletableFuture<Void>> gone = new AtomicReference<>();

  public OpenSockets(int most, IngestMetrics metrics) {
    this.most = most;
    metrics.gaugeSockets(sockets::size);
  }

  /// Whether one more would be one too many.
  public boolean isFull() {
    return sockets.size() >= most;
  }

  /// Completes when no socket is open.
  public CompletionStage<Void> allGone() {
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    gone.set(waiting);
    if (sockets.isEmpty()) {
      waiting.complete(null);
    }
    return waiting;
  }

  /// Closes all, for this instance stops.
  public void closeAll() {
    sockets.forEach(
        socket -> socket.close(CloseCode.SERVICE_RESTART, "shutdown", "this instance stops"));
  }

  public int size() {
    return sockets.size();
  }

  void add(Socket socket) {
    sockets.add(socket);
  }

  void remove(Socket socket) {
    sockets.remove(socket);
    CompletableFuture<Void> waiting = gone.get();
    if (waiting != null && sockets.isEmpty()) {
      waiting.complete(null);
    }
  }
}
