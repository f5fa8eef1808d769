package io.verbatim.asr.deepgram;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.CloseCause.Lost.How;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/// One socket to Deepgram. After the handshake everything happens on its channel's event loop.
final class DeepgramSession implements RecognizerSession {
  private static final int LARGEST_MESSAGE = 1024 * 1024;
  private static final WebsocketClientSpec SPEC =
      WebsocketClientSpec.builder().maxFramePayloadLength(LARGEST_MESSAGE).compress(false).build();

  private static final String KEEP_ALIVE = "{\"type\":\"KeepAlive\"}";
  private static final String FINALIZE = "{\"type\":\"Finalize\"}";
  private static final String CLOSE_STREAM = "{\"type\":\"CloseStream\"}";

  private final DeepgramDecoder decoder = new DeepgramDecoder();
  private final DeepgramSettings settings;
  private final Consumer<RecognizerEvent> events;
  private final AtomicBoolean over = new AtomicBoolean();
  private final Disposable.Swap attempt = Disposables.swap();
  private final Disposable.Swap handshakeGuard = Disposables.swap();

  private volatile @Nullable Channel channel;
  private volatile boolean finishing;
  private volatile long lastSentNanos;

  DeepgramSession(DeepgramSettings settings, Consumer<RecognizerEvent> events) {
    this.settings = settings;
    this.events = events;
  }

  void connect(HttpClient client, URI uri) {
    handshakeGuard.update(
        Schedulers.parallel()
            .schedule(
                () -> end(new CloseCause.Lost(How.NO_HANDSHAKE, 1006, "no answer in time")),
                settings.handshakeTimeout().toMillis(),
                TimeUnit.MILLISECONDS));
    attempt.update(
        client
            .websocket(SPEC)
            .uri(uri)
            .handle((in, out) -> converse(in))
            .subscribe(nothing -> {}, error -> end(CloseCauses.of(error, channel != null))));
  }

  /// Hot; completes when the socket is gone, whoever closed it.
  private Mono<Void> converse(WebsocketInbound in) {
    handshakeGuard.dispose();
    in.withConnection(connection -> channel = connection.channel());
    if (over.get()) {
      leave();
      return Mono.empty();
    }
    lastSentNanos = System.nanoTime();
    keepAliveIn(settings.keepAliveAfter().toNanos());
    String requestId = in.headers().get("dg-request-id");
    events.accept(new RecognizerEvent.Opened(requestId == null ? "" : requestId));
    return in.aggregateFrames(LARGEST_MESSAGE)
        .receiveFrames()
        .doOnNext(this::received)
        .then(in.receiveCloseStatus().defaultIfEmpty(WebSocketCloseStatus.ABNORMAL_CLOSURE))
        .doOnNext(status -> end(CloseCauses.of(status)))
        .then();
  }

  private void received(WebSocketFrame frame) {
    if (over.get()) {
      return;
    }
    DeepgramMessage message =
        frame instanceof TextWebSocketFrame text
            ? decoder.decode(text.text())
            : new DeepgramMessage.Malformed("not a text");
    if (message instanceof DeepgramMessage.Metadata && finishing) {
      farewell();
      end(new CloseCause.Finished());
    } else {
      events.accept(event(message));
    }
  }

  private static RecognizerEvent event(DeepgramMessage message) {
    return switch (message) {
      case DeepgramMessage.Results(var hypothesis, _) -> new RecognizerEvent.Heard(hypothesis);
      case DeepgramMessage.Metadata _ -> new RecognizerEvent.Signal("metadata", "", true);
      case DeepgramMessage.SpeechStarted _ ->
          new RecognizerEvent.Signal("speech_started", "", true);
      case DeepgramMessage.UtteranceEnd _ -> new RecognizerEvent.Signal("utterance_end", "", true);
      case DeepgramMessage.Problem(var code, var text) ->
          new RecognizerEvent.Signal("problem", code + " " + text, false);
      case DeepgramMessage.Unknown(var type) -> new RecognizerEvent.Signal("unknown", type, false);
      case DeepgramMessage.Malformed(var reason) ->
          new RecognizerEvent.Signal("malformed", reason, false);
    };
  }

  @Override
  public CompletionStage<Void> send(byte[] audio) {
    // An empty binary frame is the protocol's old way to end a stream.
    if (audio.length == 0) {
      return CompletableFuture.completedStage(null);
    }
    Channel open = channel;
    if (open == null) {
      return CompletableFuture.failedStage(new IllegalStateException("not open"));
    }
    lastSentNanos = System.nanoTime();
    CompletableFuture<Void> written = new CompletableFuture<>();
    open.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(audio)))
        .addListener(done -> {
          if (done.isSuccess()) {
            written.complete(null);
          } else {
            written.completeExceptionally(done.cause());
          }
        });
    return written;
  }

  @Override
  public void flush() {
    sendText(FINALIZE);
  }

  @Override
  public void finish() {
    Channel open = channel;
    if (open == null || finishing) {
      return;
    }
    finishing = true;
    sendText(FINALIZE);
    sendText(CLOSE_STREAM);
    after(
        open,
        settings.finishGuard(),
        () -> {
          if (!over.get()) {
            end(new CloseCause.Lost(How.NO_LAST_WORDS, 1006, "no Metadata in time"));
            leave();
          }
        });
  }

  @Override
  public void drop() {
    over.set(true);
    handshakeGuard.dispose();
    leave();
  }

  private void keepAliveIn(long nanos) {
    Channel open = channel;
    if (open != null) {
      after(open, Duration.ofNanos(nanos), this::keepAlive);
    }
  }

  private void keepAlive() {
    if (over.get() || finishing) {
      return;
    }
    long allowed = settings.keepAliveAfter().toNanos();
    long idle = System.nanoTime() - lastSentNanos;
    if (idle >= allowed) {
      sendText(KEEP_ALIVE);
      lastSentNanos = System.nanoTime();
      keepAliveIn(allowed);
    } else {
      keepAliveIn(allowed - idle);
    }
  }

  private void sendText(String text) {
    Channel open = channel;
    if (open != null) {
      // A write that fails takes the connection with it, and that is told.
      var _ = open.writeAndFlush(new TextWebSocketFrame(text));
    }
  }

  private static void after(Channel channel, Duration delay, Runnable action) {
    var _ = channel.eventLoop().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Tells the end once and sees to it that nothing follows.
  private void end(CloseCause cause) {
    if (over.compareAndSet(false, true)) {
      handshakeGuard.dispose();
      events.accept(new RecognizerEvent.Closed(cause));
      leave();
    }
  }

  private void farewell() {
    Channel open = channel;
    if (open != null) {
      var _ =
          open.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
              .addListener(ChannelFutureListener.CLOSE);
    }
  }

  /// Closes the connection before the subscription, which would else still send a close frame.
  private void leave() {
    Channel open = channel;
    if (open != null) {
      var _ = open.close();
    }
    attempt.dispose();
  }
}
