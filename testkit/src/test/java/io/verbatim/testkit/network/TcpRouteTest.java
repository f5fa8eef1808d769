package io.verbatim.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbatim.testkit.network.TcpRoute.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpRouteTest {
  private static final int SILENCE_MILLIS = 200;

  private final AtomicInteger echoed = new AtomicInteger();
  private ServerSocket echo;
  private TcpRoute route;

  @BeforeEach
  void open() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
    route = TcpRoute.to("redis://127.0.0.1:" + echo.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    route.close();
    echo.close();
  }

  @Test
  void freeze_openConnectionIsSilent_newOneWorks() throws IOException {
    try (Socket old = connect()) {
      assertEchoed(old, 1);

      assertThat(route.freeze()).isOne();
      assertThat(route.freeze()).isZero();

      old.getOutputStream().write(2);
      assertSilent(old);
      try (Socket young = connect()) {
        assertEchoed(young, 3);
      }
      assertThat(echoed).hasValue(2);
    }
  }

  @Test
  void droppedTowardsClient_serverStillReceives() throws IOException {
    try (Socket client = connect()) {
      assertEchoed(client, 1);

      assertThat(route.drop(Direction.TO_CLIENT)).isOne();

      client.getOutputStream().write(2);
      Awaitility.await().untilAsserted(() -> assertThat(echoed).hasValue(2));
      assertSilent(client);
    }
  }

  @Test
  void droppedTowardsServer_clientStillReceivesBytesInTransit() throws IOException {
    route.delay(Duration.ofMillis(100), Duration.ofMillis(100));
    try (Socket client = connect()) {
      client.getOutputStream().write(1);
      Awaitility.await().untilAsserted(() -> assertThat(echoed).hasValue(1));

      route.drop(Direction.TO_SERVER);

      client.getOutputStream().write(2);
      assertThat(client.getInputStream().read()).isOne();
      assertSilent(client);
      assertThat(echoed).hasValue(1);
    }
  }

  @Test
  void delay_appliesToBothDirectionsInOrder() throws IOException {
    route.delay(Duration.ofMillis(20), Duration.ofMillis(40));
    try (Socket client = connect()) {
      long from = System.nanoTime();
      assertEchoed(client, 0);
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThan(Duration.ofMillis(40));

      OutputStream out = client.getOutputStream();
      for (int i = 1; i < 100; i++) {
        out.write(i);
      }
      for (int i = 1; i < 100; i++) {
        assertThat(client.getInputStream().read()).isEqualTo(i);
      }
    }
  }

  @Test
  void closedWhileBytesAreDelayed_deliversThemFirst() throws IOException {
    route.delay(Duration.ofMillis(50), Duration.ofMillis(50));
    try (Socket client = connect()) {
      client.getOutputStream().write(new byte[] {1, 2, 3});
      client.shutdownOutput();
    }
    Awaitility.await().untilAsserted(() -> assertThat(echoed).hasValue(3));
  }

  @Test
  void closedBeforeServerIsReached_deliversItsBytes() throws IOException {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    try (TcpRoute slow = TcpRoute.to(port::join)) {
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), slow.port())) {
        client.getOutputStream().write(new byte[] {1, 2, 3});
      }
      port.complete(echo.getLocalPort());
      Awaitility.await().untilAsserted(() -> assertThat(echoed).hasValue(3));
    }
  }

  @Test
  void cut_resetsOpenConnection_newOneWorks() throws IOException {
    try (Socket old = connect()) {
      assertEchoed(old, 1);

      assertThat(route.cut()).isOne();

      assertThatThrownBy(() -> old.getInputStream().read()).isInstanceOf(SocketException.class);
      try (Socket young = connect()) {
        assertEchoed(young, 2);
      }
    }
  }

  @Test
  void block_holdsBytesUntilUnblock() throws IOException {
    try (Socket old = connect()) {
      assertEchoed(old, 1);

      route.block();
      old.getOutputStream().write(2);
      assertSilent(old);
      try (Socket young = connect()) {
        young.getOutputStream().write(3);
        assertSilent(young);

        route.unblock();
        assertThat(old.getInputStream().read()).isEqualTo(2);
        assertThat(young.getInputStream().read()).isEqualTo(3);
      }
    }
  }

  @Test
  void manyBytes_arriveCompletely() throws Exception {
    route.delay(Duration.ofMillis(1), Duration.ofMillis(5));
    byte[] sent = new byte[8 << 20];
    try (Socket client = connect()) {
      Thread writing =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.getOutputStream().write(sent);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(client.getInputStream().readNBytes(sent.length)).hasSameSizeAs(sent);
      writing.join();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), route.port());
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static void assertEchoed(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    assertThat(socket.getInputStream().read()).isEqualTo(value);
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(0);
  }

  private void serve() {
    while (!echo.isClosed()) {
      try {
        Socket client = echo.accept();
        Thread.ofVirtual().start(() -> echo(client));
      } catch (IOException _) {
        // The server is closed.
      }
    }
  }

  private void echo(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        echoed.addAndGet(read);
        client.getOutputStream().write(buffer, 0, read);
      }
    } catch (IOException _) {
      // The connection was reset.
    }
  }
}
