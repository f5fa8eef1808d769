package io.verbatim.bench.pipeline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Clients that send WebSocket handshakes to ingest as fast as possible, from 127.0.0.2, each on a
/// new connection with one of several invalid credentials. Its creator closes it.
final class HandshakeFlood implements AutoCloseable {
  private static final int THREADS = 4;
  private static final InetAddress FROM = InetAddress.ofLiteral("127.0.0.2");
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final List<String> BAD_REQUESTS =
      List.of(
          "GET /v1/ingest HTTP/1.1\r\n",
          "GET /v1/ingest HTTP/1.1\r\nAuthorization: Basic "
              + Base64.getEncoder().encodeToString("exotel:guess".getBytes(ISO_8859_1))
              + "\r\n",
          "GET /v1/ingest/guess HTTP/1.1\r\n",
          "GET /v1/ingest HTTP/1.1\r\nAuthorization: Bearer " + "eyJhbGciOiJIUzI1NiJ9.e30.AAAA\r\n",
          "GET /v1/ingest HTTP/1.1\r\nAuthorization: Bearer " + "A".repeat(20_000) + "\r\n",
          "GET /v1/ingest HTTP/1.1\r\nX-Forwarded-For: 127.0.0.1\r\n");

  private final int port;
  private final List<String> requests;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, Long> answers = new TreeMap<>();
  private volatile boolean stopped;

  /// Starts immediately.
  ///
  /// @param tokens well-formed tokens that must be refused
  HandshakeFlood(int port, List<String> tokens) {
    this.port = port;
    this.requests = requests(tokens);
    for (int thread = 0; thread < THREADS; thread++) {
      int first = thread;
      threads.add(Thread.ofPlatform().name("flood-" + thread).start(() -> flood(first)));
    }
  }

  /// The number of handshakes by the status they were answered with; `closed` without a status,
  /// `failed` if the connection was refused, reset or timed out.
  synchronized Map<String, Long> answers() {
    return new TreeMap<>(answers);
  }

  private void flood(int first) {
    for (int i = first; !stopped; i++) {
      String answer = handshake(requests.get(i % requests.size()));
      synchronized (this) {
        answers.merge(answer, 1L, Long::sum);
      }
    }
  }

  private static List<String> requests(List<String> tokens) {
    List<String> requests = new ArrayList<>(BAD_REQUESTS);
    tokens.forEach(token ->
        requests.add("GET /v1/ingest HTTP/1.1\r\nAuthorization: Bearer " + token + "\r\n"));
    return requests;
  }

  private String handshake(String requestStart) {
    String request =
        requestStart
            + "Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n\r\n";
    try (Socket socket = new Socket()) {
      // Avoids TIME_WAIT, so that the machine does not run out of ports.
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.bind(new InetSocketAddress(FROM, 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 401".length());
      String line = new String(status, ISO_8859_1);
      return line.isEmpty() ? "closed" : line.substring(line.indexOf(' ') + 1);
    } catch (IOException e) {
      return "failed";
    }
  }

  @Override
  public void close() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
