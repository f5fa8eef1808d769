package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.Chunks;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A stream of events as HTTP, read from the socket.
class StreamOverHttpTest {

  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final RunningGateway gateway = RunningGateway.on(bus, Map.of());

  @AfterEach
  void close() {
    gateway.close();
    calls.close();
    bus.close();
  }

  @Test
  void endedStream_keepsConnectionUsable() throws IOException {
    calls.begin("call-1", "acme").addFinal("one").end();
    try (Socket socket = connect()) {
      send(socket, "/v1/calls/call-1/transcript", "HTTP/1.1");
      String response = readUntil(socket, "\r\n0\r\n\r\n");
      send(socket, "/v1/calls/call-1/transcript", "HTTP/1.1");
      String again = readUntil(socket, "\r\n0\r\n\r\n");

      assertThat(head(response))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .containsIgnoringCase("content-type: text/event-stream")
          .containsIgnoringCase("transfer-encoding: chunked");
      assertThat(Chunks.join(body(response)))
          .startsWith("retry: 2000\n\nid: ")
          .contains("event: final\n", "event: ended\n")
          .endsWith("\n\n");
      assertThat(body(again)).isEqualTo(body(response));
    }
  }

  @Test
  void http10Client_getsUnchunkedEventsAndClose() throws IOException {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    try (Socket socket = connect()) {
      send(socket, "/v1/calls/call-1/transcript", "HTTP/1.0");
      String response = readUntil(socket, "event: caught-up\ndata: {\"callId\":\"call-1\"}\n\n");
      call.end();
      String end = readUntil(socket, null);

      assertThat(head(response))
          .containsIgnoringCase("connection: close")
          .doesNotContainIgnoringCase("transfer-encoding");
      assertThat(body(response)).startsWith("retry: 2000\n\nid: ").contains("\nevent: final\n");
      assertThat(end).contains("event: ended\ndata: ").endsWith("}\n\n");
    }
  }

  @Test
  void closedClient_isRemoved() throws IOException {
    calls.begin("call-1", "acme").addFinal("one");
    try (Socket socket = connect()) {
      send(socket, "/v1/calls/call-1/transcript", "HTTP/1.1");
      readUntil(socket, "caught-up");
      assertThat(subscribers()).isEqualTo(1);
    }

    await().until(() -> subscribers() == 0);
  }

  private double subscribers() {
    return gateway.bean(MeterRegistry.class).get("verbatim.gateway.subscribers").gauge().value();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void send(Socket socket, String path, String version) throws IOException {
    String request =
        "GET %s %s\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(path, version, TestTokens.agentOf("acme"));
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /// @param last the text to read up to; null reads up to the close
  private static String readUntil(Socket socket, @org.jspecify.annotations.Nullable String last)
      throws IOException {
    StringBuilder read = new StringBuilder();
    while (last == null || read.indexOf(last) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        assertThat(last).as("read: %s", read).isNull();
        break;
      }
      read.append((char) next);
    }
    return read.toString();
  }

  private static String head(String response) {
    return response.substring(0, response.indexOf("\r\n\r\n") + 4);
  }

  /// The body without the last chunk.
  private static String body(String response) {
    String body = response.substring(response.indexOf("\r\n\r\n") + 4);
    return body.endsWith("\r\n0\r\n\r\n") ? body.substring(0, body.length() - 5) : body;
  }
}
