package io.verbatim.tools.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.verbatim.testkit.redis.RedisServer;
import io.verbatim.tools.OperatorTools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `redis-connections` against a real server.
class RedisConnectionsIT {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

  /// More than the 5 s after which the command gives up an answer.
  private static final Duration NO_ANSWER = Duration.ofSeconds(20);

  private static RedisServer redis;
  private static RedisClient client;

  private final List<StatefulRedisConnection<String, String>> opened = new ArrayList<>();

  /// A run of the command.
  private record Run(int status, String output) {}

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
    client = RedisClient.create();
  }

  @AfterAll
  static void stop() {
    client.shutdown(Duration.ZERO, STOP_TIMEOUT);
    redis.close();
  }

  @AfterEach
  void closeConnections() {
    opened.forEach(StatefulRedisConnection::close);
  }

  @Test
  void fewConnections_areNormal_andListedByServiceAndHost() {
    open("ingest-service", 2);
    open("asr-worker", 1);

    Run run = run();

    assertThat(run.status()).isZero();
    assertThat(run.output())
        .contains("Level               NORMAL")
        .containsPattern("ingest-service +2\n    127.0.0.1 +2, oldest \\d+ s")
        .containsPattern("asr-worker +1\n")
        .contains("Blocked             0 ")
        .contains("Nothing to do.");
  }

  @Test
  void command_addsOneConnection() {
    int before = connected(run().output());
    open("asr-worker", 3);

    assertThat(connected(run().output())).isEqualTo(before + 3);
    assertThat(run("--every", "10ms", "--count", "3").output())
        .doesNotContainPattern("(?m)^redis-connections");
  }

  @Test
  void thresholds_raiseTheLevel() {
    open("asr-worker", 4);

    assertThat(run("--warn", "3", "--critical", "500").status()).isEqualTo(1);
    assertThat(run("--warn", "2", "--critical", "4"))
        .satisfies(run -> {
          assertThat(run.status()).isEqualTo(2);
          assertThat(run.output()).contains("CRITICAL", "critical from 4");
        });
  }

  @Test
  void leakingClient_isFoundByItsGrowth() throws Exception {
    open("asr-worker", 1);
    CompletableFuture<Run> watch =
        CompletableFuture.supplyAsync(() -> run("--every", "200ms", "--count", "12"));
    for (int i = 0; i < 8; i++) {
      CompletableFuture.runAsync(
              () -> open("leaky-client", 1),
              CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS))
          .join();
    }

    Run run = watch.get(30, TimeUnit.SECONDS);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output())
        .containsPattern("Leak +leaky-client grew from \\d+ to \\d+ connections")
        .doesNotContain("asr-worker grew");
  }

  @Test
  void instancesThatDifferFromTheServer_areAMismatch() throws IOException {
    open("asr-worker", 2);
    HttpServer worker =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] health =
        "{\"status\":\"ok\",\"service\":\"asr-worker\"}".getBytes(StandardCharsets.UTF_8);
    worker.createContext(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(200, health.length);
          exchange.getResponseBody().write(health);
          exchange.close();
        });
    worker.start();
    try {
      Run run = run("--instance", "http://127.0.0.1:" + worker.getAddress().getPort());

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.output())
          .contains(
              "Mismatch            asr-worker: 1 instances say that they are connected, the server"
                  + " has 2 connections");
    } finally {
      worker.stop(0);
    }
  }

  @Test
  void fullServer_isCritical() {
    String limit = redis.commands().configGet("maxclients").get("maxclients");
    int now = connected(run().output()) - 1;
    redis.commands().configSet("maxclients", Integer.toString(now));
    try {
      Run run = run();

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.output()).startsWith("CRITICAL: the server refuses connections");
    } finally {
      redis.commands().configSet("maxclients", limit);
    }
  }

  @Test
  void watch_continuesAfterARestartOfTheServer() throws Exception {
    try (RedisServer restarted = RedisServer.startOwn()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      CompletableFuture<Integer> watch =
          CompletableFuture.supplyAsync(() ->
              OperatorTools.run(
                  new PrintStream(out, true, StandardCharsets.UTF_8),
                  "redis-connections",
                  "--url",
                  restarted.url(),
                  "--every",
                  "100ms",
                  "--count",
                  "40"));
      await().until(() -> out.toString(StandardCharsets.UTF_8).contains("Nothing to do."));

      restarted.kill();
      await()
          .atMost(NO_ANSWER)
          .until(() -> out.toString(StandardCharsets.UTF_8).contains("No answer from the server"));
      restarted.restart();

      assertThat(watch.get(60, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void noServer_isReportedWithoutThePassword() {
    Run run = runAt("redis://user:hidden@127.0.0.1:1");

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.output()).startsWith("No answer from the server: ").doesNotContain("hidden");
  }

  @Test
  void wrongOption_isRefused() {
    assertThat(run("--warn", "many").status()).isEqualTo(64);
  }

  private static int connected(String output) {
    Matcher matcher = Pattern.compile("Connected +(\\d+) of").matcher(output);
    assertThat(matcher.find()).as(output).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private void open(String name, int count) {
    for (int i = 0; i < count; i++) {
      RedisURI uri = RedisURI.create(redis.url());
      uri.setClientName(name);
      opened.add(client.connect(io.lettuce.core.codec.StringCodec.UTF8, uri));
    }
  }

  private static Run run(String... options) {
    return runAt(redis.url(), options);
  }

  private static Run runAt(String url, String... options) {
    List<String> arguments = new ArrayList<>(List.of("redis-connections", "--url", url));
    arguments.addAll(List.of(options));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int status =
        OperatorTools.run(
            new PrintStream(out, true, StandardCharsets.UTF_8), arguments.toArray(String[]::new));
    return new Run(status, out.toString(StandardCharsets.UTF_8));
  }
}
