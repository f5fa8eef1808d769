package io.verbatim.testkit.deepgram;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Deepgram's `/v1/listen` on loopback, with regular and faulty behaviour. It decodes
/// [NumberedAudio]; the words of its results are the numbers of the frames it received.
/// Thread-safe. Its creator closes it.
public final class DeepgramStandIn implements AutoCloseable {
  private static final String PATH = "/v1/listen";
  private static final int MAX_MESSAGE_BYTES = 1024 * 1024;
  private static final int MAX_REQUEST_BYTES = 64 * 1024;

  private final AtomicReference<IntFunction<SessionPlan>> plans =
      new AtomicReference<>(session -> SessionPlan.regular());
  private final List<RecordedSession> sessions = new CopyOnWriteArrayList<>();
  private final List<StandInSession> live = new CopyOnWriteArrayList<>();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final StandInFaults faults = new StandInFaults();
  private final StandInListener listener;
  private final boolean endless;
  private final ServerBootstrap bootstrap;
  private final @Nullable IoEventLoopGroup ownLoops;
  private volatile @Nullable SslContext tls;
  private final int port;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger violatedSessions = new AtomicInteger();
  private volatile Channel server;

  private DeepgramStandIn(
      ServerBootstrap bootstrap,
      @Nullable IoEventLoopGroup ownLoops,
      StandInListener listener,
      boolean endless) {
    this.bootstrap = bootstrap;
    this.ownLoops = ownLoops;
    this.listener = listener;
    this.endless = endless;
    bootstrap
        .option(ChannelOption.SO_REUSEADDR, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                accept(channel);
              }
            });
    server = bind(0);
    port = ((InetSocketAddress) server.localAddress()).getPort();
  }

  /// Starts on a free port; every session is regular until another plan is set.
  public static DeepgramStandIn start() {
    IoEventLoopGroup loops = loops();
    return new DeepgramStandIn(serverOn(loops), loops, StandInListener.NONE, false);
  }

  /// Starts for runs of any length: keeps only what live sessions received. Silence in the audio is
  /// a violation, except before the first frame of one of two channels, as in a replay.
  public static DeepgramStandIn endless(StandInListener listener) {
    IoEventLoopGroup loops = loops();
    return new DeepgramStandIn(serverOn(loops), loops, listener, true);
  }

  /// The same, on loops of the caller.
  public static DeepgramStandIn endless(StandInListener listener, ServerBootstrap bootstrap) {
    return new DeepgramStandIn(bootstrap, null, listener, true);
  }

  private static IoEventLoopGroup loops() {
    return new MultiThreadIoEventLoopGroup(
        2,
        Thread.ofPlatform().name("deepgram-stand-in-", 0).daemon().factory(),
        NioIoHandler.newFactory());
  }

  private static ServerBootstrap serverOn(IoEventLoopGroup loops) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.TCP_NODELAY, true);
  }

  private Channel bind(int port) {
    return bootstrap.bind("127.0.0.1", port).syncUninterruptibly().channel();
  }

  /// Stops listening at [#url] and drops all connections, until [#listenAgain].
  public void stopListening() {
    if (server.isOpen()) {
      dropAll();
      server.close().syncUninterruptibly();
      connections.close().syncUninterruptibly();
    }
  }

  /// Listens at [#url] again, with TLS and this certificate.
  public void enableTls(SslContext certificate) {
    stopListening();
    tls = certificate;
    listenAgain();
  }

  /// Listens at [#url] again, if it was stopped.
  public void listenAgain() {
    if (!server.isOpen()) {
      server = bind(port);
    }
  }

  /// The value for `DEEPGRAM_URL`.
  public URI url() {
    return URI.create((tls == null ? "ws" : "wss") + "://127.0.0.1:" + port);
  }

  /// Sets the plan of each further handshake, by its number from 0.
  public DeepgramStandIn plan(IntFunction<SessionPlan> plan) {
    requests.set(0);
    plans.set(plan);
    return this;
  }

  /// Sets the plans of the next handshakes, in order; all later ones are regular.
  public DeepgramStandIn script(SessionPlan... script) {
    List<SessionPlan> planned = List.of(script);
    return plan(session -> session < planned.size() ? planned.get(session) : SessionPlan.regular());
  }

  /// Faults that are independent of plans.
  public StandInFaults faults() {
    return faults;
  }

  /// All sessions that were opened, oldest first; of an endless stand-in the live ones.
  public List<RecordedSession> sessions() {
    return List.copyOf(sessions);
  }

  /// Handshakes since the last plan was set, refused ones included.
  public int requests() {
    return requests.get();
  }

  /// Protocol violations of the client and damaged audio, over all sessions.
  public List<String> violations() {
    return sessions.stream().flatMap(session -> session.violations().stream()).toList();
  }

  /// The number of sessions with violations, including sessions that are not kept.
  public int violatedSessions() {
    return violatedSessions.get()
        + (int) sessions.stream().filter(session -> !session.violations().isEmpty()).count();
  }

  /// Drops every connection without a close frame.
  ///
  /// @return the number of sessions
  public int dropAll() {
    List<StandInSession> all = List.copyOf(live);
    all.forEach(StandInSession::drop);
    return all.size();
  }

  /// Drops the newest session of one call without a close frame.
  ///
  /// @param choice selects the call: an index, modulo their count, in the order of their numbers
  /// @return the number of the call; empty if there is no session
  public OptionalInt dropOne(int choice) {
    List<Map.Entry<Integer, StandInSession>> newest = List.copyOf(newestByCall().entrySet());
    if (newest.isEmpty()) {
      return OptionalInt.empty();
    }
    Map.Entry<Integer, StandInSession> chosen = newest.get(Math.floorMod(choice, newest.size()));
    chosen.getValue().drop();
    return OptionalInt.of(chosen.getKey());
  }

  /// The calls with a newest session of the client with this API key.
  public List<Integer> callsOf(String key) {
    return newestByCall().entrySet().stream()
        .filter(entry -> entry.getValue().recorded().key().equals(key))
        .map(Map.Entry::getKey)
        .toList();
  }

  private SortedMap<Integer, StandInSession> newestByCall() {
    SortedMap<Integer, StandInSession> newest = new TreeMap<>();
    live.forEach(session -> session.recorded().call().ifPresent(call -> newest.put(call, session)));
    return newest;
  }

  private void accept(Channel channel) {
    connections.add(channel);
    SslContext context = tls;
    if (context != null) {
      channel.pipeline().addLast(context.newHandler(channel.alloc()));
    }
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(), new HttpObjectAggregator(MAX_REQUEST_BYTES), new Handshake());
  }

  /// Answers the request of one connection.
  private final class Handshake extends SimpleChannelInboundHandler<FullHttpRequest> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      int number = requests.getAndIncrement();
      SessionPlan plan =
          faults.accepts(System.nanoTime())
              ? plans.get().apply(number)
              : SessionPlan.rejecting(429, "TOO_MANY_REQUESTS");
      String requestId = "stand-in-" + number;
      if (plan.refusalStatus() == SessionPlan.NO_ANSWER) {
        return;
      }
      if (plan.refusalStatus() != 0) {
        refuse(context, plan, requestId);
        return;
      }
      Duration delay = faults.handshakeDelay();
      if (delay.isZero()) {
        upgrade(context, request, plan, requestId);
      } else {
        request.retain();
        var _ =
            context
                .executor()
                .schedule(
                    () -> {
                      try {
                        upgrade(context, request, plan, requestId);
                      } finally {
                        request.release();
                      }
                    },
                    delay.toNanos(),
                    TimeUnit.NANOSECONDS);
      }
    }

    /// Closes a connection that fails, such as one whose client refuses the certificate.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    private void refuse(ChannelHandlerContext context, SessionPlan plan, String requestId) {
      byte[] body = ("{\"err_msg\":\"" + plan.refusalText() + "\"}").getBytes(UTF_8);
      DefaultFullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(plan.refusalStatus()),
              Unpooled.wrappedBuffer(body));
      response
          .headers()
          .set("dg-request-id", requestId)
          .set("dg-error", plan.refusalText())
          .set(HttpHeaderNames.CONNECTION, "close")
          .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
      context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private void upgrade(
        ChannelHandlerContext context,
        FullHttpRequest request,
        SessionPlan plan,
        String requestId) {
      Map<String, String> query = new HashMap<>();
      QueryStringDecoder uri = new QueryStringDecoder(request.uri());
      if (!uri.path().equals(PATH)) {
        refuse(context, SessionPlan.rejecting(404, "no resource at " + uri.path()), requestId);
        return;
      }
      uri.parameters().forEach((name, values) -> query.put(name, values.getLast()));
      FrameFormat format = FrameFormat.of(query);
      String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
      RecordedSession recorded =
          new RecordedSession(requestId, query, authorization, format.channels(), endless);
      StandInSession session =
          new StandInSession(context.channel(), plan, format, recorded, faults, listener);
      WebSocketDecoderConfig config =
          WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(MAX_MESSAGE_BYTES).build();
      context
          .pipeline()
          .replace(this, "aggregator", new WebSocketFrameAggregator(MAX_MESSAGE_BYTES));
      context.pipeline().addLast(session);
      opened(context.channel(), session);
      new WebSocketServerHandshaker13("ws://127.0.0.1" + PATH, null, config)
          .handshake(
              context.channel(),
              request,
              new DefaultHttpHeaders().set("dg-request-id", requestId),
              context.channel().newPromise());
    }
  }

  private void opened(Channel channel, StandInSession session) {
    sessions.add(session.recorded());
    live.add(session);
    session.opened();
    channel.closeFuture().addListener(_ -> closed(session));
  }

  private void closed(StandInSession session) {
    session.recorded().closed();
    live.remove(session);
    if (endless) {
      sessions.remove(session.recorded());
      violatedSessions.addAndGet(session.recorded().violations().isEmpty() ? 0 : 1);
    }
  }

  @Override
  public void close() {
    stopListening();
    if (ownLoops != null) {
      ownLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }
}
