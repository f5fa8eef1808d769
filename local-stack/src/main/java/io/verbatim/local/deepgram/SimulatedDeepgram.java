package io.verbatim.local.deepgram;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.verbatim.local.deepgram.LiveSession.Answer;
import io.verbatim.local.deepgram.LiveSession.Close;
import io.verbatim.local.sample.SampleCall;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.json.JsonMapper;

/// The simulated recogniser: a server on a free port of 127.0.0.1. It accepts any key that is not
/// blank, and keeps no state of a session after its socket closes. Its creator closes it.
public final class SimulatedDeepgram implements AutoCloseable {
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);
  private static final int THREADS = 2;
  private static final int MAX_FRAME_BYTES = 1 << 20;
  private static final String AUTHORIZATION_SCHEME = "token ";

  private final SampleIndex index;
  private final Duration idleTimeout;
  private final Clock clock;
  private final LoopResources threads = LoopResources.create("simulated-deepgram", THREADS, true);
  private final DisposableServer server;

  private SimulatedDeepgram(SampleCall call, Duration idleTimeout, Clock clock) {
    this.index = new SampleIndex(call);
    this.idleTimeout = idleTimeout;
    this.clock = clock;
    this.server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .runOn(threads)
            .route(routes -> routes.get("/v1/listen", this::listen))
            .bindNow();
  }

  /// Starts a recogniser that knows the words of `call`.
  public static SimulatedDeepgram start(SampleCall call) {
    return start(call, IDLE_TIMEOUT, Clock.systemUTC());
  }

  /// Starts a recogniser that closes a session after `idleTimeout` without audio or text.
  static SimulatedDeepgram start(SampleCall call, Duration idleTimeout, Clock clock) {
    return new SimulatedDeepgram(call, idleTimeout, clock);
  }

  /// The URL of the server, for `DEEPGRAM_URL`.
  public URI uri() {
    return URI.create("ws://127.0.0.1:" + server.port());
  }

  private Publisher<Void> listen(HttpServerRequest request, HttpServerResponse response) {
    String requestId = UUID.randomUUID().toString();
    response.header("dg-request-id", requestId);
    String authorization = request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION, "");
    if (!authorization.regionMatches(
            true, 0, AUTHORIZATION_SCHEME, 0, AUTHORIZATION_SCHEME.length())
        || authorization.substring(AUTHORIZATION_SCHEME.length()).isBlank()) {
      return reject(
          response,
          HttpResponseStatus.UNAUTHORIZED,
          "INVALID_AUTH",
          "Invalid credentials.",
          requestId);
    }
    LiveOptions options;
    try {
      options = LiveOptions.parse(new QueryStringDecoder(request.uri()).parameters());
    } catch (IllegalArgumentException e) {
      return reject(
          response,
          HttpResponseStatus.BAD_REQUEST,
          "Bad Request",
          String.valueOf(e.getMessage()),
          requestId);
    }
    LiveSession session = new LiveSession(options, index, requestId, clock.instant());
    return response.sendWebsocket(
        (in, out) -> serve(session, in, out),
        WebsocketServerSpec.builder().maxFramePayloadLength(MAX_FRAME_BYTES).build());
  }

  private static Publisher<Void> reject(
      HttpServerResponse response,
      HttpResponseStatus status,
      String code,
      String message,
      String requestId) {
    String body =
        JsonMapper.shared()
            .createObjectNode()
            .put("err_code", code)
            .put("err_msg", message)
            .put("request_id", requestId)
            .toString();
    return response
        .status(status)
        .header("dg-error", message)
        .header(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .sendString(Mono.just(body));
  }

  /// Answers each frame before it requests the next, so a client that does not read causes
  /// backpressure. The inbound is never cancelled, because that would send an empty close frame
  /// instead of ours.
  private Publisher<Void> serve(LiveSession session, WebsocketInbound in, WebsocketOutbound out) {
    Scheduler socketThread = socketThread(in);
    return in.aggregateFrames(MAX_FRAME_BYTES)
        .receiveFrames()
        .map(frame -> answer(session, frame))
        .publish(answers -> answers.mergeWith(idleTimeoutAnswer(session, answers, socketThread)))
        .filter(answer -> !answer.isNone())
        .concatMap(answer -> send(answer, out), 1);
  }

  /// Emits one closing answer if the client is silent for too long. Completes with `answers`.
  private Flux<Answer> idleTimeoutAnswer(
      LiveSession session, Flux<Answer> answers, Scheduler socketThread) {
    return answers
        .startWith(Answer.NONE)
        .switchMap(_ -> Mono.delay(idleTimeout, socketThread).map(_ -> session.timedOut()))
        .takeUntilOther(answers.ignoreElements());
  }

  private static Scheduler socketThread(WebsocketInbound in) {
    Scheduler[] scheduler = new Scheduler[1];
    in.withConnection(connection ->
        scheduler[0] = Schedulers.fromExecutorService(connection.channel().eventLoop()));
    return scheduler[0];
  }

  private static Mono<Void> send(Answer answer, WebsocketOutbound out) {
    Flux<WebSocketFrame> messages =
        Flux.fromIterable(answer.messages()).map(TextWebSocketFrame::new);
    Close close = answer.close();
    Mono<Void> sent = out.sendObject(messages, _ -> true).then();
    return close == null ? sent : sent.then(out.sendClose(close.code(), close.reason()));
  }

  /// Copies the frame's bytes, which are released after this call.
  private static Answer answer(LiveSession session, WebSocketFrame frame) {
    return switch (frame) {
      case BinaryWebSocketFrame binary -> session.binary(ByteBufUtil.getBytes(binary.content()));
      case TextWebSocketFrame text -> session.text(text.text());
      default -> Answer.NONE;
    };
  }

  @Override
  public void close() {
    server.disposeNow(SHUTDOWN_TIMEOUT);
    threads.dispose();
  }
}
