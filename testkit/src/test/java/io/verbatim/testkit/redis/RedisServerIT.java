package io.verbatim.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Tests the Redis server of the testkit: it can inject faults, and it leaves no process behind.
class RedisServerIT {
  private static boolean listens(String url) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), URI.create(url).getPort())) {
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void restart_keepsPortAndLosesData() {
    try (RedisServer server = RedisServer.startOwn()) {
      String url = server.url();
      server.commands().set("key", "value");

      server.kill();
      assertThat(listens(url)).isFalse();
      server.restart();

      assertThat(server.url()).isEqualTo(url);
      assertThat(server.commands().get("key")).isNull();
    }
  }

  @Test
  void restartOfDurableServer_keepsData() {
    try (RedisServer server = RedisServer.startDurable()) {
      server.commands().set("key", "value");

      server.restart();

      assertThat(server.commands().get("key")).isEqualTo("value");
    }
  }

  @Test
  void pausedServer_answersAfterResume() {
    try (RedisServer server = RedisServer.startOwn()) {
      server.pause();
      CompletableFuture<String> answer =
          CompletableFuture.supplyAsync(() -> server.commands().ping());
      assertThatThrownBy(() -> answer.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);

      server.resume();

      assertThat(answer).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("PONG");
    }
  }

  @Test
  void server_neverEvictsNeverSavesAndBindsToLoopback() {
    try (RedisServer server = RedisServer.startOwn()) {
      assertThat(server.commands().configGet("maxmemory-policy")).containsValue("noeviction");
      assertThat(server.commands().configGet("save")).containsValue("");
      assertThat(server.commands().configGet("bind")).containsValue("127.0.0.1");
    }
  }

  @Test
  void failingSaves_refuseWritesUntilReverted() {
    try (RedisServer server = RedisServer.startDurable()) {
      server.failSaves(true);
      assertThatThrownBy(() -> server.commands().set("key", "value"))
          .hasMessageStartingWith("MISCONF");

      server.failSaves(false);
      assertThat(server.commands().set("key", "value")).isEqualTo("OK");
    }
  }

  @Test
  void requiredReplicas_refuseWritesUntilReverted() {
    try (RedisServer server = RedisServer.startOwn()) {
      server.requireReplicas(true);
      assertThatThrownBy(() -> server.commands().set("key", "value"))
          .hasMessageStartingWith("NOREPLICAS");

      server.requireReplicas(false);
      assertThat(server.commands().set("key", "value")).isEqualTo("OK");
    }
  }

  @Test
  void closedServer_doesNotListen() {
    RedisServer server = RedisServer.startOwn();
    server.close();

    assertThat(listens(server.url())).isFalse();
  }

  @Test
  void killedJvm_endsItsServer() throws Exception {
    Process jvm =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output = jvm.inputReader()) {
      String url =
          output.lines().filter(line -> line.startsWith("redis://")).findFirst().orElseThrow();
      assertThat(listens(url)).isTrue();

      jvm.destroyForcibly().waitFor();

      Awaitility.await().until(() -> !listens(url));
    } finally {
      jvm.destroyForcibly();
    }
  }

  /// A program that starts a server, prints its URL, and waits to be killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      try (RedisServer server = RedisServer.startOwn()) {
        System.out.println(server.url());
        Thread.currentThread().join();
      }
    }
  }

  @Test
  void leakedConnection_isReportedByName() {
    try (RedisServer server = RedisServer.startOwn()) {
      Map<String, Long> before = server.connectionsByName();
      RedisURI uri = RedisURI.create(server.url());
      uri.setClientName("forgetful");
      RedisClient client = RedisClient.create(uri);
      client.connect();

      assertThatThrownBy(() -> RedisExtension.failOnLeaks(server, before, Duration.ofMillis(100)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("'forgetful': 1, was 0");
      client.shutdown(0, 2, TimeUnit.SECONDS);
      RedisExtension.failOnLeaks(server, before, Duration.ofSeconds(5));
      assertThat(server.connections("forgetful")).isZero();
    }
  }
}
