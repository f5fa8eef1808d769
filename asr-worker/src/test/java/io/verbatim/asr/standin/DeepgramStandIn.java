package io.verbatim.asr.standin;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslContext;
import io.verbatim.pubsub.message.AudioFormat;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/// Deepgram's `/v1/listen` on loopback, as it is and as it can be. It understands [NumberedAudio]
/// and answers with the numbers of the frames it heard as words.
public final class DeepgramStandIn implements AutoCloseable {
  private static final int LARGEST_MESSAGE = 1024 * 1024;

  private final AtomicReference<IntFunction<SessionPlan>> plans =
      new AtomicReference<>(session -> SessionPlan.honest());
  private final List<HeardSession> sessions = new CopyOnWriteArrayList<>();
  private final List<StandInSession> live = new CopyOnWriteArrayList<>();
  private volatile Duration handshakeDelay = Duration.ZERO;
  private volatile HandshakeQuota quota = new HandshakeQuota(Integer.MAX_VALUE);
  private volatile @Nullable SslContext tls;
  private volatile DisposableServer server;
  private int requests;

  private DeepgramStandIn() {
    server = serve(0);
  }

  private DisposableServer serve(int port) {
    SslContext context = tls;
    HttpServer plain = HttpServer.create();
    return (context == null ? plain : plain.secure(spec -> spec.sslContext(context)))
        .host("127.0.0.1")
        .port(port)
        .route(routes -> routes.get("/v1/listen", this::listen))
        .bindNow(Duration.ofSeconds(10));
  }

  /// Nobody listens at [#url] any more, until [#comeBack].
  public void goAway() {
    close();
  }

  /// Listens at [#url] again, with TLS and this certificate.
  public void present(SslContext certificate) {
    goAway();
    tls = certificate;
    comeBack();
  }

  /// Listens at [#url] again, if it does not.
  public void comeBack() {
    if (server.isDisposed()) {
      server = serve(server.port());
    }
  }

  /// Starts on a free port; every session is honest until told otherwise.
  public static DeepgramStandIn start() {
    return new DeepgramStandIn();
  }

  /// What belongs into `DEEPGRAM_URL`.
  public URI url() {
    return URI.create((tls == null ? "ws" : "wss") + "://127.0.0.1:" + server.port());
  }

  /// How each handshake from now on is treated, by its number from 0.
  public DeepgramStandIn plan(IntFunction<SessionPlan> plan) {
    synchronized (this) {
      requests = 0;
    }
    plans.set(plan);
    return this;
  }

  /// The next handshakes are treated like this, in order, and all after them honestly.
  public DeepgramStandIn script(SessionPlan... script) {
    List<SessionPlan> planned = List.of(script);
    return plan(session -> session < planned.size() ? planned.get(session) : SessionPlan.honest());
  }

  /// Every handshake from now on is answered only after this long.
  public void delayHandshakes(Duration delay) {
    handshakeDelay = delay;
  }

  /// From now on, handshakes beyond so many in a second are refused with 429.
  public void limitHandshakes(int perSecond) {
    quota = new HandshakeQuota(perSecond);
  }

  /// Handshakes refused beyond the limit.
  public int refusedHandshakes() {
    return quota.refused();
  }

  /// The most of them within a second.
  public int mostRefusedPerSecond() {
    return quota.mostRefusedPerSecond();
  }

  /// All sessions that were opened, oldest first.
  public List<HeardSession> sessions() {
    return List.copyOf(sessions);
  }

  /// How many handshakes came since the last plan, refused ones included.
  public synchronized int requests() {
    return requests;
  }

  /// What was wrong with what came in, over all sessions.
  public List<String> complaints() {
    return sessions.stream().flatMap(session -> session.complaints().stream()).toList();
  }

  /// Drops every connection without a close frame.
  public void dropAll() {
    live.forEach(StandInSession::drop);
  }

  private Publisher<Void> listen(HttpServerRequest request, HttpServerResponse response) {
    int number;
    synchronized (this) {
      number = requests++;
    }
    SessionPlan plan =
        quota.accepts(System.nanoTime())
            ? plans.get().apply(number)
            : SessionPlan.refusing(429, "TOO_MANY_REQUESTS");
    String requestId = "stand-in-" + number;
    response.header("dg-request-id", requestId);
    if (plan.refusalStatus() == SessionPlan.NO_ANSWER) {
      return Mono.never();
    }
    if (plan.refusalStatus() != 0) {
      return response
          .status(plan.refusalStatus())
          .header("dg-error", plan.refusalText())
          .sendString(Mono.just("{\"err_msg\":\"" + plan.refusalText() + "\"}"));
    }
    Map<String, String> query = new HashMap<>();
    new QueryStringDecoder(request.uri())
        .parameters()
        .forEach((name, values) -> query.put(name, values.getLast()));
    AudioFormat format = format(query);
    String authorization = String.valueOf(request.requestHeaders().get("Authorization"));
    HeardSession heard = new HeardSession(requestId, query, authorization, format.channels());
    Mono<Void> upgrade =
        Mono.defer(() ->
            Mono.from(
                response.sendWebsocket(
                    (in, out) -> converse(in, plan, format, heard),
                    WebsocketServerSpec.builder().maxFramePayloadLength(LARGEST_MESSAGE).build())));
    return handshakeDelay.isZero() ? upgrade : delayed(upgrade, request);
  }

  private Mono<Void> delayed(Mono<Void> upgrade, HttpServerRequest request) {
    AtomicReference<Scheduler> socketThread = new AtomicReference<>();
    request.withConnection(connection ->
        socketThread.set(Schedulers.fromExecutorService(connection.channel().eventLoop())));
    return Mono.delay(handshakeDelay, socketThread.get()).then(upgrade);
  }

  private Mono<Void> converse(
      WebsocketInbound in, SessionPlan plan, AudioFormat format, HeardSession heard) {
    AtomicReference<StandInSession> session = new AtomicReference<>();
    in.withConnection(
        connection -> session.set(new StandInSession(connection.channel(), plan, format, heard)));
    sessions.add(heard);
    live.add(session.get());
    session.get().opened();
    return in.aggregateFrames(LARGEST_MESSAGE)
        .receiveFrames()
        .doOnNext(frame -> session.get().received(frame))
        .then()
        .doFinally(end -> live.remove(session.get()));
  }

  private static AudioFormat format(Map<String, String> query) {
    String encoding = query.getOrDefault("encoding", "linear16");
    return AudioFormat.parse(
        (encoding.equals("linear16") ? "pcm16" : encoding)
            + "/"
            + query.getOrDefault("sample_rate", "8000")
            + "/"
            + query.getOrDefault("channels", "1"));
  }

  @Override
  public void close() {
    dropAll();
    server.disposeNow(Duration.ofSeconds(10));
  }
}
