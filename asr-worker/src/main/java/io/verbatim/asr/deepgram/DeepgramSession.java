package io.verbatim.asr.deepgram;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.CloseCause.Lost.Reason;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import io.verbatim.service.EventLoop;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/// One WebSocket to Deepgram. Confined to the event loop.
final class DeepgramSession implements RecognizerSession {
  private static final Logger logger = LoggerFactory.getLogger(DeepgramSession.class);
  private static final int MAX_MESSAGE_BYTES = 1024 * 1024;
  private static final WebsocketClientSpec SPEC =
      WebsocketClientSpec.builder()
          .maxFramePayloadLength(MAX_MESSAGE_BYTES)
          .compress(false)
          .build();

  private static final String KEEP_ALIVE = "{\"type\":\"KeepAlive\"}";
  private static final String FINALIZE = "{\"type\":\"Finalize\"}";
  private static final String CLOSE_STREAM = "{\"type\":\"CloseStream\"}";

  private final DeepgramDecoder decoder = new DeepgramDecoder();
  private final EventLoop loop;
  private final DeepgramSettings settings;
  private final Consumer<RecognizerEvent> events;
  private final Consumer<DeepgramSession> onClosed;
  private @Nullable Disposable connecting;
  private @Nullable Channel channel;

  /// The timeout of the handshake, then the next KeepAlive, then the timeout of `Metadata`.
  private EventLoop.Timer timer = () -> {};

  private boolean finishing;
  private boolean closed;
  private long lastSentNanos;

  /// @param onClosed called once, when the session ends or is dropped
  DeepgramSession(
      EventLoop loop,
      DeepgramSettings settings,
      Consumer<RecognizerEvent> events,
      Consumer<DeepgramSession> onClosed) {
    this.loop = loop;
    this.settings = settings;
    this.events = events;
    this.onClosed = onClosed;
  }

  /// @param limit the session ends if the handshake is not answered within it
  void connect(HttpClient client, URI uri, Duration limit) {
    if (closed) {
      return;
    }
    setTimer(limit, () -> end(new CloseCause.Lost(Reason.NO_HANDSHAKE, 1006, "no answer in time")));
    connecting =
        client
            .websocket(SPEC)
            .uri(uri)
            .handle((in, _) -> handleSocket(in))
            .subscribe(_ -> {}, error -> end(CloseCauses.of(error, channel != null)));
  }

  /// Hot; completes when the socket is closed by either side.
  private Mono<Void> handleSocket(WebsocketInbound in) {
    in.withConnection(connection -> {
      channel = connection.channel();
      connection.addHandlerLast("recognizer.writable", new WritableHandler());
      connection.addHandlerLast("recognizer.pongs", new PongCheck(loop, this::noPong));
    });
    if (closed) {
      disconnect();
      return Mono.empty();
    }
    lastSentNanos = System.nanoTime();
    setTimer(settings.keepAliveAfter(), this::keepAlive);
    String requestId = in.headers().get("dg-request-id");
    report(new RecognizerEvent.Opened(requestId == null ? "" : requestId));
    return in.aggregateFrames(MAX_MESSAGE_BYTES)
        .receiveFrames()
        .doOnNext(this::received)
        .then(in.receiveCloseStatus().defaultIfEmpty(WebSocketCloseStatus.ABNORMAL_CLOSURE))
        .doOnNext(status -> end(CloseCauses.of(status)))
        .then();
  }

  private void noPong() {
    end(new CloseCause.Lost(Reason.NO_PONG, 1006, "no bytes received, not even a pong"));
  }

  private void received(WebSocketFrame frame) {
    if (closed) {
      return;
    }
    DeepgramMessage message =
        frame instanceof TextWebSocketFrame text
            ? decoder.decode(text.text())
            : new DeepgramMessage.Malformed("not a text frame");
    if (message instanceof DeepgramMessage.Metadata(_, double seconds) && finishing) {
      end(new CloseCause.Finished(seconds));
    } else {
      report(event(message));
    }
  }

  private static RecognizerEvent event(DeepgramMessage message) {
    return switch (message) {
      case DeepgramMessage.Results(var hypothesis, _) -> new RecognizerEvent.Result(hypothesis);
      case DeepgramMessage.Metadata _ -> new RecognizerEvent.Signal("metadata", "", true);
      case DeepgramMessage.SpeechStarted _ ->
          new RecognizerEvent.Signal("speech_started", "", true);
      case DeepgramMessage.UtteranceEnd _ -> new RecognizerEvent.Signal("utterance_end", "", true);
      case DeepgramMessage.Problem(var code, var text) ->
          new RecognizerEvent.Signal("problem", code + " " + text, false);
      case DeepgramMessage.Unknown(var type) -> new RecognizerEvent.Signal("unknown", type, false);
      case DeepgramMessage.Malformed(var reason) ->
          new RecognizerEvent.Signal(RecognizerEvent.Signal.UNREADABLE, reason, false);
    };
  }

  @Override
  public void send(byte[] audio, int offset, int length) {
    // An empty binary frame would end the stream, as in older versions of the protocol.
    if (length > 0) {
      lastSentNanos = System.nanoTime();
      write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(audio, offset, length)));
    }
  }

  @Override
  public boolean isWritable() {
    return channel != null && channel.isWritable();
  }

  @Override
  public void requestFinals() {
    write(new TextWebSocketFrame(FINALIZE));
  }

  @Override
  public void finish() {
    if (channel == null || closed || finishing) {
      return;
    }
    finishing = true;
    write(new TextWebSocketFrame(FINALIZE));
    write(new TextWebSocketFrame(CLOSE_STREAM));
    setTimer(
        settings.finishTimeout(),
        () -> end(new CloseCause.Lost(Reason.NO_METADATA, 1006, "no Metadata in time")));
  }

  @Override
  public void drop() {
    if (!closed) {
      closed = true;
      timer.cancel();
      onClosed.accept(this);
      disconnect();
    }
  }

  private void setTimer(Duration delay, Runnable action) {
    timer.cancel();
    timer = loop.after(delay, action);
  }

  private void keepAlive() {
    Duration idle = Duration.ofNanos(System.nanoTime() - lastSentNanos);
    Duration left = settings.keepAliveAfter().minus(idle);
    if (left.isPositive()) {
      setTimer(left, this::keepAlive);
    } else {
      write(new TextWebSocketFrame(KEEP_ALIVE));
      lastSentNanos = System.nanoTime();
      setTimer(settings.keepAliveAfter(), this::keepAlive);
    }
  }

  /// A write that fails closes the connection, and the close is reported.
  private void write(WebSocketFrame frame) {
    Channel open = channel;
    if (open == null || closed) {
      frame.release();
      return;
    }
    var _ = open.write(frame);
    loop.flushLater(open);
  }

  /// An exception of the listener must not end the session: the next session would cause it again.
  private void report(RecognizerEvent event) {
    try {
      events.accept(event);
    } catch (RuntimeException failure) {
      logger.error("recognizer.event_failed", failure);
    }
  }

  /// Reports the end once; no event follows it.
  private void end(CloseCause cause) {
    if (!closed) {
      closed = true;
      timer.cancel();
      onClosed.accept(this);
      if (cause instanceof CloseCause.Finished && channel != null) {
        var _ =
            channel
                .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                .addListener(ChannelFutureListener.CLOSE);
      } else {
        disconnect();
      }
      report(new RecognizerEvent.Closed(cause));
    }
  }

  /// Closes the channel first: disposing the subscription of an open channel sends a close frame.
  private void disconnect() {
    if (channel != null) {
      var _ = channel.close();
    }
    if (connecting != null) {
      connecting.dispose();
    }
  }

  private final class WritableHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable() && !closed) {
        report(new RecognizerEvent.Writable());
      }
      context.fireChannelWritabilityChanged();
    }
  }
}
