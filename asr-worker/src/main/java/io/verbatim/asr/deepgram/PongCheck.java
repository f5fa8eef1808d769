package io.verbatim.asr.deepgram;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.verbatim.service.EventLoop;
import java.time.Duration;

/// Detects a connection that no longer carries bytes (a lost route, a half-open socket) long before
/// TCP does. It sends a ping every half second. A peer that has answered a ping before must send
/// something within three seconds; a peer that never answered one is not checked. Confined to the
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

  /// @param onSilence called at each check that finds the peer silent
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

  /// A late check is inconclusive: this process was paused, not necessarily the peer.
  private void check(ChannelHandlerContext context) {
    long now = System.nanoTime();
    boolean onTime = now - checkedNanos < 2 * INTERVAL.toNanos();
    checkedNanos = now;
    if (answersPings && onTime && now - readNanos > SILENCE.toNanos()) {
      onSilence.run();
    } else {
      context.writeAndFlush(new PingWebSocketFrame(), context.voidPromise());
    }
  }
}
