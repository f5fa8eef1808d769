package io.verbatim.testkit.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider's HTTP server on a free loopback port. Thread-safe.
///
/// A test may queue answers, which the next requests get instead of the provider's own.
public abstract class ProviderServer implements AutoCloseable {

  /// An answer.
  ///
  /// @param headers name and value, one after another
  public record Answer(int status, String body, String... headers) {}

  private static final Answer STALL = new Answer(0, "");
  private static final int MAX_DISCARDED = 300_000_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Answer> queued = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpServer server;

  ProviderServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      Answer next = queued.poll();
      if (STALL.equals(next)) {
        awaitClose();
        return;
      }
      Answer answer = next == null ? answer(exchange) : discarding(exchange, next);
      for (int i = 0; i + 1 < answer.headers().length; i += 2) {
        exchange.getResponseHeaders().set(answer.headers()[i], answer.headers()[i + 1]);
      }
      byte[] body = answer.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Answer discarding(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getRequestBody().skip(MAX_DISCARDED);
    return answer;
  }

  private void awaitClose() {
    try {
      closed.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /// The provider's answer to a request.
  abstract Answer answer(HttpExchange exchange) throws IOException;

  /// The parameters of the request's query.
  static Map<String, String> query(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    Map<String, String> parameters = new LinkedHashMap<>();
    Arrays.stream(query == null ? new String[0] : query.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> parameters.put(pair[0], URLDecoder.decode(pair[1], UTF_8)));
    return parameters;
  }

  static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  /// The next request gets this answer.
  public void answerNext(int status, String body, String... headers) {
    queued.add(new Answer(status, body, headers));
  }

  /// The next request gets no answer.
  public void stallNext() {
    queued.add(STALL);
  }

  /// The number of requests so far.
  public int requests() {
    return requests.get();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
