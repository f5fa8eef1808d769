package io.verbatim.local.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Strangers who shake hands with ingest as fast as this machine lets them, from 127.0.0.2, each
/// time on a connection of its own and with another bad proof. Whoever starts it closes it.
final class HandshakeFlood implements AutoCloseable {
  private static final int THREADS = 4;
  private static final InetAddress FROM = InetAddress.ofLiteral("127.0.0.2");
  private static final int PATIENCE_MILLIS = 5_000;
  private static final List<String> SHAPELESS =
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
  private final List<String> proofs;
  private final List<Thread> strangers = new ArrayList<>();
  private final Map<String, Long> answers = new TreeMap<>();
  private volatile boolean over;

  /// @param tokens that open nothing
  HandshakeFlood(int port, List<String> tokens) {
    this.port = port;
    this.proofs = proofs(tokens);
    for (int stranger = 0; stranger < THREADS; stranger++) {
      int first = stranger;
      strangers.add(Thread.ofPlatform().name("flood-" + stranger).start(() -> flood(first)));
    }
  }

  /// How many handshakes were answered how.
  synchronized Map<String, Long> answers() {
    return new TreeMap<>(answers);
  }

  private void flood(int first) {
    for (int i = first; !over; i++) {
      String answer = shake(proofs.get(i % proofs.size()));
      synchronized (this) {
        answers.merge(answer, 1L, Long::sum);
      }
    }
  }

  private static List<String> proofs(List<String> tokens) {
    List<String> proofs = new ArrayList<>(SHAPELESS);
    tokens.forEach(
        token -> proofs.add("GET /v1/ingest HTTP/1.1\r\nAuthorization: Bearer " + token + "\r\n"));
    return proofs;
  }

  private String shake(String proof) {
    String request =
        proof
            + "Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n\r\n";
    try (Socket socket = new Socket()) {
      // No connection lingers: else this machine is out of ports before ingest is out of breath.
      socket.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.bind(new InetSocketAddress(FROM, 0));
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 401".length());
      String line = new String(status, ISO_8859_1);
      return line.isEmpty() ? "closed" : line.substring(line.indexOf(' ') + 1);
    } catch (IOException e) {
      return "broken";
    }
  }

  @Override
  public void close() {
    over = true;
    for (Thread stranger : strangers) {
      try {
        stranger.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
