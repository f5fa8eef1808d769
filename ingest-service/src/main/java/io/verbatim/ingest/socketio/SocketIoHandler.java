package io.verbatim.ingest.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.ingest.audiostream.AudioStreamAuthenticator;
import io.verbatim.ingest.auth.KnownApiKeys;
import io.verbatim.ingest.handshake.CallAdmission;
import io.verbatim.ingest.handshake.HandshakeHandler;
import io.verbatim.ingest.handshake.RejectionHandler;
import io.verbatim.ingest.handshake.UpgradeHandler;
import io.verbatim.security.http.Client;
import io.verbatim.security.http.Problem;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// `/socket.io/`: opens Engine.IO sessions, and serves their polling requests and WebSockets.
///
/// A session id is a secret of its client, which authenticates in the session. Pages of other
/// origins may poll only if `CORS_ORIGINS` lists them. Confined to the event loop.
public final class SocketIoHandler implements WebHandler {
  private static final Problem TOO_LARGE =
      Problem.named(413, "body_too_large", "The request body is larger than MAX_MESSAGE.");
  private static final Problem TOO_SLOW =
      Problem.named(
          408, "body_too_slow", "The request body did not arrive within REQUEST_TIMEOUT.");
  private static final String PATH = "/socket.io";
  private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, UTF_8);

  private final EngineSessions sessions;
  private final CallAdmission admission;
  private final UpgradeHandler upgrades;
  private final RejectionHandler rejections;
  private final Scheduler scheduler;
  private final Settings settings;

  /// The limits of polling requests.
  ///
  /// @param maxBodyBytes size limit of one body
  /// @param bodyTimeout how long a body may take to arrive
  /// @param corsOrigins origins whose pages may poll
  public record Settings(int maxBodyBytes, Duration bodyTimeout, Set<String> corsOrigins) {
    public Settings {
      corsOrigins = Set.copyOf(corsOrigins);
    }
  }

  public SocketIoHandler(
      EngineSessions sessions,
      CallAdmission admission,
      UpgradeHandler upgrades,
      RejectionHandler rejections,
      EventLoop loop,
      Settings settings) {
    this.sessions = sessions;
    this.admission = admission;
    this.upgrades = upgrades;
    this.rejections = rejections;
    this.scheduler = Schedulers.fromExecutor(loop::run);
    this.settings = settings;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    if (answersOrigin(request, exchange.getResponse())) {
      return exchange.getResponse().setComplete();
    }
    MultiValueMap<String, String> query = request.getQueryParams();
    boolean upgrade = HandshakeHandler.isUpgrade(request);
    if (!"4".equals(query.getFirst("EIO"))) {
      return refuse(exchange, EngineError.PROTOCOL);
    }
    if (!(upgrade ? "websocket" : "polling").equals(query.getFirst("transport"))) {
      return refuse(exchange, EngineError.TRANSPORT);
    }
    String id = query.getFirst("sid");
    if (id == null) {
      return open(exchange, upgrade);
    }
    EngineSession session = sessions.find(id).orElse(null);
    if (session == null) {
      return refuse(exchange, EngineError.SESSION);
    }
    if (!session.isPolling()) {
      return refuse(exchange, EngineError.REQUEST);
    }
    if (upgrade) {
      return upgrade(exchange, session);
    }
    if (request.getMethod().equals(HttpMethod.POST)) {
      return post(exchange, session);
    }
    return request.getMethod().equals(HttpMethod.GET)
        ? poll(exchange, session)
        : refuse(exchange, EngineError.REQUEST);
  }

  /// Whether a polling request belongs to a session whose client has authenticated.
  public boolean isOfKnownCaller(ServerHttpRequest request) {
    String id = isPath(request) ? request.getQueryParams().getFirst("sid") : null;
    return id != null && sessions.isAuthenticated(id);
  }

  /// Whether this handler reads the request's body, and limits it.
  public static boolean readsBody(ServerHttpRequest request) {
    return isPath(request) && request.getMethod().equals(HttpMethod.POST);
  }

  private static boolean isPath(ServerHttpRequest request) {
    String path = request.getPath().value();
    return path.equals(PATH) || path.startsWith(PATH + "/");
  }

  /// Lets pages of listed origins read. Returns whether the request was only a preflight.
  private boolean answersOrigin(ServerHttpRequest request, ServerHttpResponse response) {
    HttpHeaders headers = response.getHeaders();
    @Nullable String origin = request.getHeaders().getFirst(HttpHeaders.ORIGIN);
    boolean allowed = origin != null && settings.corsOrigins().contains(origin);
    headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    if (allowed) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    if (!request.getMethod().equals(HttpMethod.OPTIONS)) {
      return false;
    }
    if (allowed) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
      headers.set(
          HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
          "Authorization, Content-Type, " + KnownApiKeys.HEADER);
      headers.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "600");
    }
    response.setStatusCode(allowed ? HttpStatus.NO_CONTENT : HttpStatus.FORBIDDEN);
    return true;
  }

  private Mono<Void> open(ServerWebExchange exchange, boolean upgrade) {
    if (!exchange.getRequest().getMethod().equals(HttpMethod.GET)) {
      return refuse(exchange, EngineError.METHOD);
    }
    Optional<Problem> unavailable = admission.unavailable();
    if (unavailable.isPresent()) {
      return rejections.reject(exchange, unavailable.get());
    }
    EngineSessions.Opening opening = opening(exchange);
    if (upgrade) {
      return upgrades.upgradeTo(
          exchange, channel -> EngineSocket.first(channel, sessions.open(opening)));
    }
    EngineSession session = sessions.open(opening);
    session.beginPolling();
    return poll(exchange, session);
  }

  /// Opens the WebSocket that is to take over from polling, which counts as a connection, too.
  private Mono<Void> upgrade(ServerWebExchange exchange, EngineSession session) {
    Optional<Problem> unavailable = admission.unavailable();
    if (unavailable.isPresent()) {
      return rejections.reject(exchange, unavailable.get());
    }
    return session.isUpgradable()
        ? upgrades.upgradeTo(exchange, channel -> EngineSocket.upgrade(channel, session))
        : refuse(exchange, EngineError.REQUEST);
  }

  private static EngineSessions.Opening opening(ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    return new EngineSessions.Opening(
        Client.of(exchange.getAttributes()).address(),
        AudioStreamAuthenticator.bearer(
            Optional.ofNullable(request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION))),
        Optional.ofNullable(request.getHeaders().getFirst(KnownApiKeys.HEADER)),
        Optional.ofNullable(request.getQueryParams().getFirst("lang")));
  }

  private Mono<Void> poll(ServerWebExchange exchange, EngineSession session) {
    Mono<String> packets =
        Mono.create(sink -> {
          Consumer<String> answer = sink::success;
          sink.onDispose(() -> session.pollCancelled(answer));
          if (!session.poll(answer)) {
            sink.success("");
          }
        });
    return packets.flatMap(
        text -> text.isEmpty() ? refuse(exchange, EngineError.REQUEST) : write(exchange, text));
  }

  private Mono<Void> post(ServerWebExchange exchange, EngineSession session) {
    if (!session.beginPost()) {
      return refuse(exchange, EngineError.REQUEST);
    }
    return DataBufferUtils.join(exchange.getRequest().getBody(), settings.maxBodyBytes())
        .map(SocketIoHandler::bytes)
        .timeout(settings.bodyTimeout())
        .publishOn(scheduler)
        .flatMap(body -> handled(session, body))
        .then(Mono.defer(() -> write(exchange, "ok")))
        .onErrorResume(DataBufferLimitException.class, _ -> tooLarge(exchange, session))
        .onErrorResume(TimeoutException.class, _ -> rejections.reject(exchange, TOO_SLOW))
        .doFinally(_ -> session.endPost());
  }

  private static byte[] bytes(DataBuffer body) {
    byte[] bytes = new byte[body.readableByteCount()];
    body.read(bytes);
    DataBufferUtils.release(body);
    return bytes;
  }

  /// Completes when the packets are handled, which is the client's backpressure.
  private static Mono<Boolean> handled(EngineSession session, byte[] body) {
    return Mono.create(sink -> session.post(body, () -> sink.success(true)));
  }

  private Mono<Void> tooLarge(ServerWebExchange exchange, EngineSession session) {
    session.connection().tooLarge();
    exchange.getResponse().getHeaders().setConnection("close");
    return rejections.reject(exchange, TOO_LARGE);
  }

  private Mono<Void> refuse(ServerWebExchange exchange, EngineError error) {
    rejections.record(Problem.named(400, error.reason(), error.message()));
    ServerHttpResponse response = exchange.getResponse();
    response.setStatusCode(HttpStatus.BAD_REQUEST);
    return write(response, MediaType.APPLICATION_JSON, error.json());
  }

  private static Mono<Void> write(ServerWebExchange exchange, String text) {
    return write(exchange.getResponse(), TEXT, text);
  }

  private static Mono<Void> write(ServerHttpResponse response, MediaType type, String text) {
    response.getHeaders().setContentType(type);
    response.getHeaders().setCacheControl("no-store");
    return response.writeWith(
        Mono.fromSupplier(() -> response.bufferFactory().wrap(text.getBytes(UTF_8))));
  }
}
