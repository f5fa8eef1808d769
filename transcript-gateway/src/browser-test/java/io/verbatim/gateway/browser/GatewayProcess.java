package io.verbatim.gateway.browser;

import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A gateway in its own process, so that it can be killed.
final class GatewayProcess implements AutoCloseable {

  private final Process process;

  private GatewayProcess(Process process) {
    this.process = process;
  }

  static GatewayProcess start(String redisUrl, int port) {
    ProcessBuilder java =
        new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "io.verbatim.gateway.GatewayApplication"));
    java.environment()
        .putAll(
            Map.of(
                "PORT", Integer.toString(port),
                "REDIS_URL", redisUrl,
                "JWT_PUBLIC_KEY", TestTokens.publicKeyPem()));
    try {
      GatewayProcess gateway =
          new GatewayProcess(
              java.redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start());
      await().atMost(Duration.ofSeconds(60)).until(() -> answers(port));
      return gateway;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// A free port.
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static boolean answers(int port) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /// Kills the process, as `kill -9` does.
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
