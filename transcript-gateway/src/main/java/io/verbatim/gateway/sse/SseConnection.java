package io.verbatim.gateway.sse;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// A response whose head has been sent and whose body is a stream of events.
///
/// Events are written behind the HTTP encoder, since their bytes are framed already, and flushed
/// once per iteration of the loop. A connection that is not writable may still be written to, but
/// its subscriber should wait. Confined to the event loop; it lives in the channel's pipeline until
/// the stream ends.
public final class SseConnection extends ChannelInboundHandlerAdapter {

  /// What the subscriber does about its connection.
  public interface Listener {

    /// The connection takes bytes again.
    void onWritable();

    /// The client is gone. Called once, unless the stream ended before.
    void onClosed();
  }

  private final EventLoop loop;
  private final ChannelHandlerContext http;
  private final Channel channel;
  private final boolean chunked;
  private @Nullable Listener listener;
  private @Nullable MonoSink<Void> ended;
  private long writtenBytes;

  private SseConnection(EventLoop loop, ChannelHandlerContext http, boolean chunked) {
    this.loop = loop;
    this.http = http;
    this.channel = http.channel();
    this.chunked = chunked;
  }

  /// Begins a stream of events on a channel.
  ///
  /// @param http the context of the channel's HTTP codec
  /// @param chunked whether the response's body is chunked; else it ends with the connection
  public static SseConnection begin(EventLoop loop, ChannelHandlerContext http, boolean chunked) {
    SseConnection connection = new SseConnection(loop, http, chunked);
    http.pipeline().addAfter(http.name(), SseConnection.class.getName(), connection);
    return connection;
  }

  /// Completes when no stream of events is open on the channel. Cold, and for one subscriber.
  public static Mono<Void> ended(Channel channel) {
    SseConnection open = channel.pipeline().get(SseConnection.class);
    return open == null ? Mono.empty() : Mono.create(sink -> open.ended = sink);
  }

  /// Says who is notified of this connection.
  public void listen(Listener subscriber) {
    listener = subscriber;
  }

  /// Whether it is worth writing more now.
  public boolean isWritable() {
    return channel.isWritable();
  }

  public void write(SseEvent event) {
    write(chunked ? event.chunked(true) : event.unframed(true));
  }

  /// Writes an event without its id, which would not name an entry to resume from in this stream.
  public void writeWithoutId(SseEvent event) {
    write(chunked ? event.chunked(false) : event.unframed(false));
  }

  private void write(ByteBuf bytes) {
    writtenBytes += bytes.readableBytes();
    http.write(bytes, channel.voidPromise());
    loop.flushLater(http);
  }

  /// Writes an event and reports when it has left.
  public ChannelFuture writeLast(SseEvent event) {
    ChannelFuture left = http.write(chunked ? event.chunked(true) : event.unframed(true));
    loop.flushLater(http);
    return left;
  }

  /// All bytes written so far.
  public long writtenBytes() {
    return writtenBytes;
  }

  /// The bytes that have not left yet.
  public long pendingBytes() {
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    return pending == null ? 0 : pending.totalPendingWriteBytes();
  }

  /// Ends the response; the connection can carry another request afterwards. Idempotent.
  public void end() {
    listener = null;
    if (http.pipeline().get(SseConnection.class) == this) {
      http.pipeline().remove(this);
      if (ended != null) {
        ended.success();
      }
    }
  }

  /// Closes the connection at once, whatever is still to be sent.
  public void abort() {
    channel.close();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (isWritable()) {
      // Not within the flush that made room, and behind I/O that is due: a client that takes bytes
      // as fast as they are written must not hold the loop while its history is sent.
      loop.after(Duration.ZERO, this::notifyWritable);
    }
    context.fireChannelWritabilityChanged();
  }

  private void notifyWritable() {
    if (listener != null) {
      listener.onWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Listener subscriber = listener;
    listener = null;
    if (subscriber != null) {
      subscriber.onClosed();
    }
    context.fireChannelInactive();
  }
}
