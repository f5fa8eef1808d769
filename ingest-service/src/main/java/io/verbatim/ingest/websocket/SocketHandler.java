package io.verbatim.ingest.websocket;

import io.netty.handler.codec.TooLongFrameException;
import io.verbatim.ingest.metrics.IngestMetrics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// Carries the frames of one accepted socket to its dialect, by opcode alone, and the dialect's
/// answers back.
public final class SocketHandler implements WebSocketHandler {
  private static final Logger logger = LoggerFactory.getLogger(SocketHandler.class);
  private static final int PREFETCH = 2;
  private static final int DROPPED = 1006;
  private static final long TICK_MILLIS = 100;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final Function<Socket, Dialect> dialects;
  private final OpenSockets open;
  private final ScheduledExecutorService timer;
  private final IngestMetrics metrics;

  /// @param dialects gives the socket its dialect; called once, before anything is read
  public SocketHandler(
      Function<Socket, Dialect> dialects,
      OpenSockets open,
      ScheduledExecutorService timer,
      IngestMetrics metrics) {
    this.dialects = dialects;
    this.open = open;
    this.timer = timer;
    this.metrics = metrics;
  }

  /// What came in, copied out of the network's buffer.
  private sealed interface Incoming {
    record Text(String text) implements Incoming {}

    @SuppressWarnings("ArrayRecordComponent")
    record Binary(byte[] bytes) implements Incoming {}

    @SuppressWarnings("ArrayRecordComponent")
    record Ping(byte[] payload) implements Incoming {}

    record Pong() implements Incoming {}
  }

  /// Serves one socket. Cold; completes when the socket is gone; never fails.
  @Override
  public Mono<Void> handle(WebSocketSession session) {
    SessionSocket socket = new SessionSocket(metrics);
    Dialect dialect = dialects.apply(socket);
    open.add(socket);
    Sinks.Empty<Void> closed = Sinks.empty();
    CompletableFuture<@Nullable CloseStatus> status = session.closeStatus().toFuture();
    ScheduledFuture<?> ticks =
        timer.scheduleAtFixedRate(
            () -> tick(dialect, socket), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    // Netty takes its buffer back as soon as the first operator returns: copying later reads
    // somebody else's bytes.
    Mono<Void> incoming =
        session
            .receive()
            .map(SocketHandler::copy)
            .concatMap(frame -> deliver(frame, dialect, socket), PREFETCH)
            .takeUntilOther(closed.asMono())
            .onErrorResume(failure -> failed(failure, dialect))
            .then()
            .doFinally(_ -> socket.lineDown());
    Mono<Void> outgoing =
        session
            .send(socket.outgoing().map(frame -> message(frame, session)))
            .then(Mono.defer(() -> close(session, socket)))
            .onErrorComplete();
    Mono<Void> impatience = socket.closingSoon().then(Mono.delay(CLOSE_PATIENCE)).then();
    return Mono.when(
            incoming,
            Mono.firstWithSignal(outgoing, impatience).doFinally(_ -> closed.tryEmitEmpty()))
        .doFinally(_ -> {
          ticks.cancel(false);
          open.remove(socket);
          dialect.closed(code(status));
        });
  }

  private static Incoming copy(WebSocketMessage message) {
    return switch (message.getType()) {
      case TEXT -> new Incoming.Text(message.getPayloadAsText());
      case BINARY -> new Incoming.Binary(bytes(message.getPayload()));
      case PING -> new Incoming.Ping(bytes(message.getPayload()));
      case PONG -> new Incoming.Pong();
    };
  }

  private static byte[] bytes(DataBuffer buffer) {
    byte[] bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    return bytes;
  }

  private static Mono<Void> deliver(Incoming frame, Dialect dialect, SessionSocket socket) {
    try {
      return switch (frame) {
        case Incoming.Text(String text) -> until(dialect.text(text));
        case Incoming.Binary(byte[] bytes) -> until(dialect.binary(bytes));
        case Incoming.Ping(byte[] payload) -> {
          socket.pong(payload);
          dialect.ping();
          yield Mono.empty();
        }
        case Incoming.Pong _ -> {
          dialect.pong();
          yield Mono.empty();
        }
      };
    } catch (RuntimeException e) {
      ourFault(e, socket);
      return Mono.empty();
    }
  }

  /// Nothing may escape from here: a schedule whose step fails once is never run again.
  private static void tick(Dialect dialect, SessionSocket socket) {
    try {
      dialect.tick();
    } catch (RuntimeException e) {
      ourFault(e, socket);
    }
  }

  private static void ourFault(RuntimeException fault, SessionSocket socket) {
    logger.error("socket.failed", fault);
    socket.close(CloseCode.INTERNAL_ERROR, "internal_error", "");
  }

  private static Mono<Void> until(CompletionStage<Void> readOn) {
    return readOn.toCompletableFuture().isDone() ? Mono.empty() : Mono.fromCompletionStage(readOn);
  }

  private static WebSocketMessage message(SessionSocket.Outgoing frame, WebSocketSession session) {
    return switch (frame) {
      case SessionSocket.Outgoing.Text(String text) -> session.textMessage(text);
      case SessionSocket.Outgoing.Ping _ ->
          session.pingMessage(buffers -> buffers.wrap(new byte[0]));
      case SessionSocket.Outgoing.Pong(byte[] payload) ->
          session.pongMessage(buffers -> buffers.wrap(payload));
    };
  }

  private static Mono<Void> close(WebSocketSession session, SessionSocket socket) {
    return socket
        .closing()
        .map(closing -> session.close(new CloseStatus(closing.code().code(), closing.reason())))
        .orElseGet(Mono::empty);
  }

  /// A line that breaks is a line that is down; only a message that is too large gets an answer.
  private static Mono<Void> failed(Throwable failure, Dialect dialect) {
    if (failure instanceof TooLongFrameException) {
      dialect.tooLarge();
    }
    return Mono.empty();
  }

  private static int code(CompletableFuture<@Nullable CloseStatus> status) {
    CloseStatus known = status.getNow(null);
    return known == null ? DROPPED : known.getCode();
  }
}
