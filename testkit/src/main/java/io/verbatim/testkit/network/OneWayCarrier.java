package io.verbatim.testkit.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One direction of a routed connection: copies bytes from one socket to the other in order,
/// delayed if the route has a delay. Confined to the route's event loop.
///
/// Blocked until [#block] opens it. A dropped or blocked direction is not read, so that the
/// sender's buffers fill as they do without acknowledgements.
final class OneWayCarrier extends ChannelInboundHandlerAdapter {
  private static final int MAX_WAITING_BYTES = 1 << 20;

  private record Waiting(ByteBuf bytes, long dueNanos) {}

  private final Channel from;
  private final Channel to;
  private final LongSupplier delayNanos;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private @Nullable OneWayCarrier opposite;
  private int waitingBytes;
  private long lastDueNanos = System.nanoTime();
  private boolean scheduled;
  private boolean ended;
  private boolean blocked = true;
  private boolean dropped;

  /// @param delayNanos returns the delay of the next read
  OneWayCarrier(Channel from, Channel to, LongSupplier delayNanos) {
    this.from = from;
    this.to = to;
    this.delayNanos = delayNanos;
    to.closeFuture().addListener(_ -> release());
  }

  /// @param other the carrier of the other direction, which writes to the socket that this one
  ///   reads
  void writesWith(OneWayCarrier other) {
    opposite = other;
  }

  /// Stops carrying anything, the end of the connection included.
  ///
  /// @return false if it was dropped before
  boolean drop() {
    if (dropped) {
      return false;
    }
    dropped = true;
    release();
    read();
    return true;
  }

  void block(boolean block) {
    blocked = block;
    if (!block) {
      deliver();
    }
    read();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (dropped) {
      bytes.release();
      return;
    }
    long now = System.nanoTime();
    lastDueNanos = Math.max(lastDueNanos, now + delayNanos.getAsLong());
    if (lastDueNanos <= now && waiting.isEmpty() && !blocked) {
      to.write(bytes);
    } else {
      waiting.add(new Waiting(bytes, lastDueNanos));
      waitingBytes += bytes.readableBytes();
      schedule(now);
    }
    read();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    to.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (opposite != null) {
      opposite.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended = true;
    deliver();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    from.close(); // the connection was reset
  }

  private void schedule(long nowNanos) {
    Waiting first = waiting.peekFirst();
    if (first != null && !scheduled) {
      scheduled = true;
      to.eventLoop()
          .schedule(
              () -> {
                scheduled = false;
                deliver();
              },
              first.dueNanos() - nowNanos,
              TimeUnit.NANOSECONDS);
    }
  }

  private void deliver() {
    if (blocked || dropped) {
      return;
    }
    long now = System.nanoTime();
    for (Waiting first = waiting.peekFirst();
        first != null && first.dueNanos() <= now;
        first = waiting.peekFirst()) {
      waiting.removeFirst();
      waitingBytes -= first.bytes().readableBytes();
      to.write(first.bytes());
    }
    to.flush();
    schedule(now);
    if (waiting.isEmpty() && ended) {
      to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
    read();
  }

  /// Starts or stops reading, depending on the current state.
  private void read() {
    from.config()
        .setAutoRead(!dropped && !blocked && to.isWritable() && waitingBytes < MAX_WAITING_BYTES);
  }

  private void release() {
    waiting.forEach(entry -> entry.bytes().release());
    waiting.clear();
    waitingBytes = 0;
  }
}
