package io.verbatim.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.verbatim.gateway.fixture.Chunks;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.service.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The client of a subscriber, with an in-process connection that is used only on the event loop.
final class TestStream {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Pattern EVENT = Pattern.compile("event: (\\S+)");
  private static final Pattern WORDS =
      Pattern.compile("event: (final|interim)\ndata: .*?\"text\":\"(.*?)\"");

  private final EventLoop loop;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private volatile boolean stalled;
  private volatile boolean over;

  /// @param open opens the stream on a connection
  TestStream(EventLoop loop, Consumer<SseConnection> open) {
    this.loop = loop;
    loop.execute(() -> {
      channel.pipeline().addLast(new Socket()).addLast("http", new ChannelHandlerAdapter() {});
      open.accept(SseConnection.begin(loop, channel.pipeline().context("http"), true));
      SseConnection.ended(channel).subscribe(_ -> {}, _ -> {}, () -> over = true);
    });
  }

  /// Receives flushed bytes, unless the stream is stalled.
  private final class Socket extends ChannelOutboundHandlerAdapter {
    @Override
    public void flush(ChannelHandlerContext context) {
      if (!stalled) {
        context.flush();
        channel.outboundMessages().forEach(message -> receive((ByteBuf) message));
        channel.outboundMessages().clear();
      }
    }
  }

  private void receive(ByteBuf bytes) {
    synchronized (received) {
      byte[] copy = new byte[bytes.readableBytes()];
      bytes.readBytes(copy).release();
      received.writeBytes(copy);
    }
  }

  /// The connection takes only one more write from now on.
  TestStream stall() {
    stalled = true;
    loop.execute(() -> channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 1)));
    return this;
  }

  void resume() {
    stalled = false;
    loop.execute(channel::flush);
  }

  /// The client closes its connection.
  void close() {
    loop.execute(channel::close);
  }

  TestStream awaitWriteInFlight() {
    await().atMost(TIMEOUT).until(() -> !channel.isWritable());
    return this;
  }

  String text() {
    synchronized (received) {
      return Chunks.join(received.toString(StandardCharsets.UTF_8));
    }
  }

  List<String> events() {
    return EVENT.matcher(text()).results().map(found -> found.group(1)).toList();
  }

  /// `final:words` and `interim:words`, in order.
  List<String> words() {
    return WORDS.matcher(text()).results().map(TestStream::word).toList();
  }

  private static String word(MatchResult found) {
    return found.group(1) + ":" + found.group(2);
  }

  TestStream awaitEvents(String... events) {
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(events()).containsExactly(events));
    return this;
  }

  TestStream awaitText(String part) {
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(text()).contains(part));
    return this;
  }

  TestStream awaitEnd() {
    await().atMost(TIMEOUT).until(() -> over);
    return this;
  }

  boolean isOver() {
    return over;
  }
}
