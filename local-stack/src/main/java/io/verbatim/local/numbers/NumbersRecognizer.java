package io.verbatim.local.numbers;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;

/// A recogniser on 127.0.0.1 that speaks Deepgram's live protocol, reads numbered audio, and knows
/// which worker each session is of: every worker has an API key of its own. Thread-safe.
public final class NumbersRecognizer implements AutoCloseable {
  private static final int MAX_FRAME_BYTES = 1 << 20;

  /// Told, on the socket's thread, when a session answers for the first time.
  public interface Listener {
    /// Words came.
    ///
    /// @param key what the session's worker showed
    void answered(int call, String key, long nanos);
  }

  private record Heard(String key, Connection line) {}

  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Heard> newestOfCall = new ConcurrentHashMap<>();
  private final AtomicInteger wrong = new AtomicInteger();
  private final RecognizerFaults faults = new RecognizerFaults();
  private final Listener listener;
  private final DisposableServer server;

  public NumbersRecognizer(Listener listener) {
    this.listener = listener;
    this.server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(routes -> routes.get("/v1/listen", this::listen))
            .bindNow();
  }

  public URI uri() {
    return URI.create("ws://127.0.0.1:" + server.port());
  }

  /// Sessions that were sent something else than the audio as it was spoken.
  public int wrong() {
    return wrong.get();
  }

  /// The calls whose newest session is of the worker with this key.
  public List<Integer> callsOf(String key) {
    return newestOfCall.entrySet().stream()
        .filter(entry -> entry.getValue().key().equals(key))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Cuts every session without a word.
  ///
  /// @return how many there were
  public int cutAll() {
    List<Connection> all = List.copyOf(open);
    all.forEach(line -> line.channel().close());
    return all.size();
  }

  /// Cuts one session without a word, and answers whose call it heard.
  ///
  /// @param choice which of the open ones, by their calls' order, counted around
  public OptionalInt cutOne(int choice) {
    List<Integer> calls = newestOfCall.keySet().stream().sorted().toList();
    if (calls.isEmpty()) {
      return OptionalInt.empty();
    }
    int call = calls.get(Math.floorMod(choice, calls.size()));
    Heard session = newestOfCall.get(call);
    if (session == null) {
      return OptionalInt.empty();
    }
    session.line().channel().close();
    return OptionalInt.of(call);
  }

  /// How it is to misbehave.
  public RecognizerFaults faults() {
    return faults;
  }

  private Publisher<Void> listen(HttpServerRequest request, HttpServerResponse response) {
    if (faults.refuses()) {
      return response.status(HttpResponseStatus.TOO_MANY_REQUESTS).send();
    }
    Duration delay = faults.handshakeDelay();
    if (delay.isZero()) {
      return converse(request, response);
    }
    AtomicReference<@Nullable EventLoop> loop = new AtomicReference<>();
    request.withConnection(connection -> loop.set(connection.channel().eventLoop()));
    return Mono.delay(delay, Schedulers.fromExecutorService(Objects.requireNonNull(loop.get())))
        .thenMany(Flux.defer(() -> converse(request, response)));
  }

  private Publisher<Void> converse(HttpServerRequest request, HttpServerResponse response) {
    NumberedFormat format = format(request.uri());
    String key = request.requestHeaders().get("Authorization", "").replaceFirst("^Token ", "");
    return response
        .header("dg-request-id", "numbers-" + request.requestId())
        .sendWebsocket(
            (in, out) -> {
              Conversation conversation = new Conversation(key, format);
              in.withConnection(conversation::begins);
              return in.aggregateFrames(MAX_FRAME_BYTES)
                  .receiveFrames()
                  .map(conversation::answers)
                  .concatMap(
                      answers ->
                          out.sendObject(
                                  Flux.fromIterable(answers).map(TextWebSocketFrame::new),
                                  _ -> true)
                              .then(
                                  conversation.session.isOver()
                                      ? out.sendClose(1000, "")
                                      : Flux.<Void>empty().then()),
                      1);
            },
            WebsocketServerSpec.builder().maxFramePayloadLength(MAX_FRAME_BYTES).build());
  }

  private static NumberedFormat format(String uri) {
    Map<String, List<String>> query = new QueryStringDecoder(uri).parameters();
    return new NumberedFormat(
        Integer.parseInt(query.getOrDefault("sample_rate", List.of("8000")).getFirst()),
        Integer.parseInt(query.getOrDefault("channels", List.of("1")).getFirst()));
  }

  /// One socket and what is said on it. Touched by its thread only.
  private final class Conversation {
    private final NumberedSession session;
    private final String key;
    private @Nullable Connection line;
    private boolean answered;

    Conversation(String key, NumberedFormat format) {
      this.key = key;
      session = new NumberedSession(format, faults);
    }

    void begins(Connection connection) {
      line = connection;
      open.add(connection);
      connection.onDispose(() -> {
        open.remove(connection);
        session.call().ifPresent(call -> newestOfCall.remove(call, new Heard(key, connection)));
      });
    }

    List<String> answers(WebSocketFrame frame) {
      List<String> answers = new ArrayList<>();
      try {
        switch (frame) {
          case BinaryWebSocketFrame audio -> {
            boolean first = session.call().isEmpty();
            session.hear(ByteBufUtil.getBytes(audio.content()), answers);
            Connection mine = line;
            if (first && mine != null) {
              session.call().ifPresent(call -> newestOfCall.put(call, new Heard(key, mine)));
            }
          }
          case TextWebSocketFrame text -> session.read(text.text(), answers);
          default -> {
            // Pings are answered below us.
          }
        }
      } catch (IllegalStateException e) {
        wrong.incrementAndGet();
        throw e;
      }
      if (!answered && !answers.isEmpty()) {
        answered = true;
        session.call().ifPresent(call -> listener.answered(call, key, System.nanoTime()));
      }
      return answers;
    }
  }

  @Override
  public void close() {
    server.disposeNow(Duration.ofSeconds(2));
  }
}
