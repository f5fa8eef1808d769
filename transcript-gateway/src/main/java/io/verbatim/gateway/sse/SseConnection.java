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

/// A response whose head was sent and whose body is a stream of events.
///
/// Events bypass the HTTP encoder, because their bytes are already framed, and are flushed once per
/// iteration of the loop. A connection that is not writable still accepts writes, but its
/// subscriber should wait. Confined to the event loop. It is in the channel's pipeline until the
/// stream ends.
public final class SseConnection extends ChannelInboundHandlerAdapter {

  /// Receives the events of the connection.
  public interface Listener {

    /// The connection takes bytes again.
    void onWritable();

    /// The client has closed the connection. Called once, unless the stream ended before.
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
  /// @param chunked whether the response is chunked; if not, it ends with the connection
  public static SseConnection begin(EventLoop loop, ChannelHandlerContext http, boolean chunked) {
    SseConnection connection = new SseConnection(loop, http, chunked);
    http.pipeline().addAfter(http.name(), SseConnection.class.getName(), connection);
    return connection;
  }

  /// Completes when no stream of events is open on the channel. Cold; supports one subscriber.
  public static Mono<Void> ended(Channel channel) {
    SseConnection open = channel.pipeline().get(SseConnection.class);
    return open == null ? Mono.empty() : Mono.create(sink -> open.ended = sink);
  }

  /// Sets the listener.
  public void listen(Listener subscriber) {
    listener = subscriber;
  }

  /// Whether the connection takes more bytes now.
  public boolean isWritable() {
    return channel.isWritable();
  }

  public void write(SseEvent event) {
    write(framed(event));
  }

  /// Writes an event without its id, because a client cannot resume this stream from it.
  public void writeWithoutId(SseEvent event) {
    write(chunked ? event.chunked(false) : event.unframed(false));
  }

  /// Writes an event with an id that only this client gets, in place of the event's own.
  public void writeWithId(SseEvent event, String id) {
    write(framed(SseEncoder.idLine(id)));
    writeWithoutId(event);
  }

  /// Writes an id without an event, from which the client resumes.
  public void writeId(String id) {
    write(framed(SseEncoder.id(id)));
  }

  private ByteBuf framed(SseEvent event) {
    return chunked ? event.chunked(true) : event.unframed(true);
  }

  private void write(ByteBuf bytes) {
    writtenBytes += bytes.readableBytes();
    http.write(bytes, channel.voidPromise());
    loop.flushLater(http);
  }

  /// Writes an event. The future completes when it was sent.
  public ChannelFuture writeLast(SseEvent event) {
    ChannelFuture sent = http.write(framed(event));
    loop.flushLater(http);
    return sent;
  }

  /// All bytes written so far.
  public long writtenBytes() {
    return writtenBytes;
  }

  /// The bytes that were not sent yet.
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

  /// Closes the connection at once and discards unsent bytes.
  public void abort() {
    channel.close();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (isWritable()) {
      // Not within the flush that made the channel writable, and after pending I/O: a client that
      // reads as fast as the loop writes must not block the loop while its history is sent.
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
