package io.verbatim.ingest.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.ingest.metrics.IngestMetrics;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// The sending side of one socket: a bounded queue of what is to leave, then one close frame.
final class SessionSocket implements Socket {
  private static final int MOST_WAITING = 256;
  private static final int LONGEST_REASON_BYTES = 123;

  /// What leaves the socket.
  sealed interface Outgoing {
    record Text(String text) implements Outgoing {}

    record Ping() implements Outgoing {}

    @SuppressWarnings("ArrayRecordComponent")
    record Pong(byte[] payload) implements Outgoing {}
  }

  /// The close frame to send.
  record Closing(CloseCode code, String reason) {}

  private final IngestMetrics metrics;
  private final Sinks.Many<Outgoing> outgoing =
      Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(MOST_WAITING));
  private final Sinks.Empty<Void> closingSoon = Sinks.empty();
  private Optional<Closing> closing = Optional.empty();
  private boolean over;

  SessionSocket(IngestMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void send(String text) {
    emit(new Outgoing.Text(text));
  }

  @Override
  public void ping() {
    emit(new Outgoing.Ping());
  }

  void pong(byte[] payload) {
    emit(new Outgoing.Pong(payload));
  }

  @Override
  public synchronized void close(CloseCode code, String cause, String detail) {
    if (!over) {
      closing =
          Optional.of(new Closing(code, cut(detail.isEmpty() ? cause : cause + ": " + detail)));
      metrics.closed(Integer.toString(code.code()), cause);
      finish();
    }
  }

  /// Nothing more can leave: the peer is gone.
  synchronized void lineDown() {
    if (!over) {
      finish();
    }
  }

  /// What is to leave, in order; completes when the socket is to be closed or is gone. Hot, for one
  /// subscriber, on the thread that sends; what a slow peer does not take waits, then is dropped.
  Flux<Outgoing> outgoing() {
    return outgoing.asFlux();
  }

  /// Completes as soon as a close is asked for or the line is down.
  Mono<Void> closingSoon() {
    return closingSoon.asMono();
  }

  synchronized Optional<Closing> closing() {
    return closing;
  }

  private synchronized void emit(Outgoing frame) {
    if (!over && outgoing.tryEmitNext(frame) == Sinks.EmitResult.FAIL_OVERFLOW) {
      metrics.odd("socket", "unread_answers", 1);
    }
  }

  private void finish() {
    over = true;
    outgoing.tryEmitComplete();
    closingSoon.tryEmitEmpty();
  }

  /// A close frame has room for 123 bytes of reason.
  private static String cut(String reason) {
    String cut = reason;
    while (cut.getBytes(UTF_8).length > LONGEST_REASON_BYTES) {
      cut = cut.substring(0, cut.length() - 1);
    }
    return cut;
  }
}
