package io.verbatim.asr.deepgram;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.verbatim.service.EventLoop;
import java.time.Duration;

/// Finds out that a connection no longer carries bytes, long before TCP does: a lost route, or a
/// half-open socket. A ping is sent every half second, and a peer that has answered one before must
/// send something within three seconds. One that never answers pings is not judged. Confined to the
/// event loop.
final class PongCheck extends ChannelInboundHandlerAdapter {
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private final EventLoop loop;
  private final Runnable onSilence;
  private EventLoop.Timer pings = () -> {};
  private boolean answersPings;
  private long readNanos = System.nanoTime();
  private long checkedNanos = System.nanoTime();

  /// @param onSilence called where the peer is silent, each time that is found
  PongCheck(EventLoop loop, Runnable onSilence) {
    this.loop = loop;
    this.onSilence = onSilence;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    pings = loop.every(INTERVAL, () -> check(context));
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    pings.cancel();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    pings.cancel();
    context.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    readNanos = System.nanoTime();
    if (message instanceof PongWebSocketFrame pong) {
      answersPings = true;
      pong.release();
    } else {
      context.fireChannelRead(message);
    }
  }

  /// A check that comes late says nothing: this process stood still, not the peer.
  private void check(ChannelHandlerContext context) {
    long now = System.nanoTime();
    boolean punctual = now - checkedNanos < 2 * INTERVAL.toNanos();
    checkedNanos = now;
    if (answersPings && punctual && now - readNanos > SILENCE.toNanos()) {
      onSilence.run();
    } else {
      context.writeAndFlush(new PingWebSocketFrame(), context.voidPromise());
    }
  }
}
