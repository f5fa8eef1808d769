package io.verbatim.pubsub.testkit;

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

/// One direction of a routed connection: writes what it reads on one socket to the other, later
/// where the route delays, always in order. Confined to the route's event loop.
///
/// A direction that is dropped or blocked is no longer read, so that the sender's buffers fill as
/// they do where acknowledgements stay away.
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
  private boolean blocked;
  private boolean dropped;

  /// @param delayNanos asked for each read
  OneWayCarrier(Channel from, Channel to, LongSupplier delayNanos) {
    this.from = from;
    this.to = to;
    this.delayNanos = delayNanos;
    to.closeFuture().addListener(_ -> release());
  }

  /// @param other carries the other direction: it writes to the socket this one reads
  void writesWith(OneWayCarrier other) {
    opposite = other;
  }

  /// Carries nothing more, not even the end of the connection.
  ///
  /// @return false where that was so before
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

  /// Reads on, or stops to, as things stand now.
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
