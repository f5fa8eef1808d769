package io.verbatim.bench.pipeline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Loop;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A recogniser on 127.0.0.1 that speaks Deepgram's live protocol on one loop: it checks every byte
/// and measures how old each frame is when it arrives. Its creator closes it.
final class CheckingRecognizer implements AutoCloseable {
  private static final int MAX_FRAME_BYTES = 1 << 20;

  private final Map<Integer, RecognizedCall> calls = new ConcurrentHashMap<>();
  private final AtomicLong frames = new AtomicLong();
  private final Channel server;
  private volatile Latencies opening = new Latencies();
  private volatile Latencies flowing = new Latencies();

  CheckingRecognizer(Loop loop) {
    server =
        loop.server()
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(1 << 16),
                            new Handshake(CheckingRecognizer.this));
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  /// Answers the upgrade; then the session takes over.
  private static final class Handshake extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final CheckingRecognizer recognizer;

    Handshake(CheckingRecognizer recognizer) {
      this.recognizer = recognizer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      WebSocketDecoderConfig config =
          WebSocketDecoderConfig.newBuilder()
              .maxFramePayloadLength(MAX_FRAME_BYTES)
              .withUTF8Validator(false)
              .build();
      context.pipeline().replace(this, "aggregator", new WebSocketFrameAggregator(MAX_FRAME_BYTES));
      context.pipeline().addLast(new RecognizerSession(recognizer));
      new WebSocketServerHandshaker13("ws://127.0.0.1/v1/listen", null, config)
          .handshake(
              context.channel(),
              request,
              new DefaultHttpHeaders().set("dg-request-id", "bench"),
              context.channel().newPromise());
    }
  }

  String url() {
    if (server.localAddress() instanceof InetSocketAddress address) {
      return "ws://127.0.0.1:" + address.getPort();
    }
    throw new BenchException("The recogniser has no address.");
  }

  /// Forgets the calls before; their numbers are used again.
  void begin() {
    calls.clear();
    swap();
  }

  /// Starts new records of latencies, and returns the two so far.
  Latencies[] swap() {
    Latencies[] before = {opening, flowing};
    opening = new Latencies();
    flowing = new Latencies();
    return before;
  }

  /// The ages of frames of a session's first second, which waits for a worker and a handshake.
  Latencies opening() {
    return opening;
  }

  /// The ages of all other frames.
  Latencies flowing() {
    return flowing;
  }

  RecognizedCall call(int number) {
    return calls.computeIfAbsent(number, _ -> new RecognizedCall());
  }

  void received(int count) {
    frames.lazySet(frames.get() + count);
  }

  /// Frames received so far, of all calls.
  long frames() {
    return frames.get();
  }

  Map<Integer, RecognizedCall> calls() {
    return calls;
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
  }
}
