package io.verbatim.ingest.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes the messages of one WebSocket to its listener, by opcode, and sends the listener's
/// answers. Confined to the event loop.
///
/// Frames are handled in place and released. While reading is paused, frames already read wait in
/// order. They are handled when the connection closes, so that their audio is not lost.
public final class FrameHandler extends ChannelInboundHandlerAdapter
    implements FrameChannel, OpenConnection {
  private static final Logger logger = LoggerFactory.getLogger(FrameHandler.class);
  private static final int ABNORMAL_CLOSURE = 1006;
  private static final int NO_STATUS = 1005;
  private static final int MAX_REASON_BYTES = 123;

  /// Half of what may be unsent before the channel is no longer writable.
  private static final long ROOM_FOR_ANSWERS = 32 * 1024;

  /// How long a peer may take to read everything sent, including the close frame.
  private static final long CLOSE_TIMEOUT_NANOS = Duration.ofSeconds(5).toNanos();

  /// How long a peer may take to close its side afterwards. Closing with unread data would reset
  /// the connection and could lose the close frame.
  private static final long LINGER_NANOS = Duration.ofSeconds(1).toNanos();

  private final EventLoop loop;
  private final OpenConnections open;
  private final ConnectionContext context;
  private final Channel channel;
  private final FrameListener connection;
  private final Deque<WebSocketFrame> waiting = new ArrayDeque<>();
  private @Nullable ByteBuf fragments;
  private boolean fragmentsAreText;
  private boolean reading = true;
  private boolean processing;
  private boolean closing;
  private boolean closed;
  private long closeDeadline;
  private int peerCode = ABNORMAL_CLOSURE;

  /// @param channel an upgraded connection; the caller adds this handler to its pipeline
  /// @param listeners creates the listener
  public FrameHandler(
      Channel channel,
      EventLoop loop,
      OpenConnections open,
      ConnectionContext context,
      Function<FrameChannel, FrameListener> listeners) {
    this.channel = channel;
    this.loop = loop;
    this.open = open;
    this.context = context;
    connection = listeners.apply(this);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext netty) {
    loop.requireCurrent();
    open.add(this);
    if (channel.isActive()) {
      updateAutoRead();
      connection.opened();
    } else {
      closed();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext netty, Object message) {
    if (!(message instanceof WebSocketFrame frame)) {
      ReferenceCountUtil.release(message);
      if (message instanceof ByteBuf) {
        channel.close(); // Bytes sent before the handshake was answered.
      }
    } else if (frame instanceof CloseWebSocketFrame close) {
      peerCloses(close);
    } else if (closing) {
      frame.release();
    } else if (processing || !reading || !waiting.isEmpty()) {
      waiting.add(frame);
    } else {
      process(frame);
      processWaiting();
    }
  }

  private void processWaiting() {
    while (reading && !waiting.isEmpty()) {
      process(waiting.remove());
    }
    updateAutoRead();
  }

  private void process(WebSocketFrame frame) {
    processing = true;
    try {
      if (frame instanceof PingWebSocketFrame ping) {
        write(new PongWebSocketFrame(ping.content().retain()));
        connection.ping();
      } else if (frame instanceof PongWebSocketFrame) {
        connection.pong();
      } else if (frame.isFinalFragment() && fragments == null) {
        message(frame instanceof TextWebSocketFrame, frame.content());
      } else {
        fragment(frame);
      }
    } catch (RuntimeException e) {
      failed(e);
    } finally {
      processing = false;
      frame.release();
    }
  }

  private void message(boolean isText, ByteBuf content) {
    if (isText) {
      connection.text(open.copy(content), content.readableBytes());
    } else {
      connection.binary(content);
    }
  }

  /// The decoder has checked that fragments arrive in a valid order.
  private void fragment(WebSocketFrame frame) {
    if (fragments == null) {
      fragments = channel.alloc().buffer();
      fragmentsAreText = frame instanceof TextWebSocketFrame;
    }
    ByteBuf whole = fragments;
    if (whole.readableBytes() + frame.content().readableBytes() > context.maxMessageBytes()) {
      releaseFragments();
      connection.tooLarge();
      return;
    }
    whole.writeBytes(frame.content());
    if (frame.isFinalFragment()) {
      try {
        message(fragmentsAreText, whole);
      } finally {
        releaseFragments();
      }
    }
  }

  private void releaseFragments() {
    if (fragments != null) {
      fragments.release();
      fragments = null;
    }
  }

  private void peerCloses(CloseWebSocketFrame close) {
    if (closing) {
      close.release();
      channel.close();
      return;
    }
    processRest();
    if (closing) {
      close.release();
      return;
    }
    closing = true;
    peerCode = close.statusCode() < 0 ? NO_STATUS : close.statusCode();
    closeDeadline = now() + CLOSE_TIMEOUT_NANOS;
    channel.writeAndFlush(close).addListener(_ -> channel.close());
  }

  /// Handles the frames that were read before reading was paused.
  private void processRest() {
    while (!closing && !waiting.isEmpty()) {
      process(waiting.remove());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext netty) {
    closed();
    netty.fireChannelInactive();
  }

  private void closed() {
    if (closed) {
      return;
    }
    closed = true;
    processRest();
    closing = true;
    releaseAll();
    open.remove(this);
    connection.closed(peerCode);
  }

  private void releaseAll() {
    waiting.forEach(WebSocketFrame::release);
    waiting.clear();
    releaseFragments();
  }

  /// Answers a frame that the decoder rejects with a close frame. Closes a broken connection.
  @Override
  public void exceptionCaught(ChannelHandlerContext netty, Throwable failure) {
    if (failure instanceof CorruptedWebSocketFrameException corrupted && channel.isActive()) {
      if (WebSocketCloseStatus.MESSAGE_TOO_BIG.equals(corrupted.closeStatus())) {
        connection.tooLarge();
      } else {
        connection.violatesProtocol(String.valueOf(corrupted.getMessage()));
      }
    } else {
      logger.debug("connection.broken", failure);
      channel.close();
    }
  }

  private void failed(RuntimeException failure) {
    logger.error("connection.failed", failure);
    connection.internalError();
  }

  @Override
  public void tick() {
    if (closing) {
      if (now() - closeDeadline >= 0) {
        channel.close();
      }
      return;
    }
    try {
      connection.tick();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  @Override
  public boolean isFinishing() {
    return !closing && connection.isFinishing();
  }

  @Override
  public void shutDown() {
    connection.shutDown();
  }

  @Override
  public void send(String text) {
    write(new TextWebSocketFrame(text));
  }

  @Override
  public boolean hasRoom() {
    if (channel.bytesBeforeUnwritable() < ROOM_FOR_ANSWERS) {
      channel.flush();
    }
    return channel.bytesBeforeUnwritable() >= ROOM_FOR_ANSWERS;
  }

  @Override
  public void ping() {
    write(new PingWebSocketFrame());
  }

  @Override
  public void reading(boolean on) {
    reading = on;
    if (!processing) {
      processWaiting();
    }
  }

  private void updateAutoRead() {
    boolean wanted = closing || (reading && waiting.isEmpty());
    if (channel.config().isAutoRead() != wanted) {
      channel.config().setAutoRead(wanted);
    }
  }

  private void write(WebSocketFrame frame) {
    if (!channel.isWritable()) {
      channel.flush();
    }
    if (closing || !channel.isWritable()) {
      frame.release();
      context.metrics().violation("connection", "unread_answers", 1);
    } else {
      channel.write(frame, channel.voidPromise());
      loop.flushLater(channel);
    }
  }

  @Override
  public void close(CloseCode code, String reason) {
    closing = true;
    releaseAll();
    closeDeadline = now() + CLOSE_TIMEOUT_NANOS;
    channel
        .writeAndFlush(new CloseWebSocketFrame(code.code(), cut(reason)))
        .addListener(_ -> closeSent());
    updateAutoRead();
  }

  private void closeSent() {
    if (channel instanceof DuplexChannel duplex
        && channel.pipeline().get(SslHandler.class) == null) {
      closeDeadline = now() + LINGER_NANOS;
      duplex.shutdownOutput();
    } else {
      channel.close();
    }
  }

  /// A close frame has room for 123 bytes of reason.
  private static String cut(String reason) {
    String cut = reason;
    while (cut.getBytes(UTF_8).length > MAX_REASON_BYTES) {
      cut = cut.substring(0, cut.length() - 1);
    }
    return cut;
  }

  private long now() {
    return context.nanos().getAsLong();
  }
}
