package io.verbatim.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.asr.AsrWorkerApplication;
import io.verbatim.gateway.GatewayApplication;
import io.verbatim.ingest.IngestApplication;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.service.Service;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/// While Redis hangs, `/health` of all services answers as fast as before and readiness is 503.
/// Both recover.
class HealthIT {
  private static final int SERIES = 5;
  private static final int REQUESTS = 200;

  /// More than the slowest percent of the requests of a busy machine without a fault may take.
  private static final double NOISE = 3;

  private static final double LIMIT_MILLIS = 5;
  private static final Duration DETECTION = Duration.ofSeconds(10);
  private static final Duration RECOVERY = Duration.ofSeconds(20);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final LocalKeys KEYS = new LocalKeys(InstantSource.system());
  private static RedisServer redis;
  private static List<ConfigurableApplicationContext> services;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
    services =
        List.of(
            start(IngestApplication.SERVICE, Map.of("JWT_PUBLIC_KEY", KEYS.publicKeyPem())),
            start(
                AsrWorkerApplication.SERVICE,
                Map.of("DEEPGRAM_API_KEY", "none", "DEEPGRAM_URL", "ws://127.0.0.1:1")),
            start(GatewayApplication.SERVICE, Map.of("JWT_PUBLIC_KEY", KEYS.publicKeyPem())));
  }

  private static ConfigurableApplicationContext start(
      Service service, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("PORT", 0);
    all.put("server.address", "127.0.0.1");
    all.put("REDIS_URL", redis.url());
    return service.start(all);
  }

  @AfterAll
  static void stop() {
    services.forEach(ConfigurableApplicationContext::close);
    redis.close();
  }

  @Test
  void redisHangs_healthStaysFast_readinessFails_bothRecover() throws Exception {
    for (ConfigurableApplicationContext service : services) {
      await().atMost(RECOVERY).until(() -> status(service, "/actuator/health/readiness") == 200);
    }
    slowestPercentMillis(); // loads the classes
    double before = slowestPercentMillis();

    redis.pause();
    double during;
    try {
      during = slowestPercentMillis();
      for (ConfigurableApplicationContext service : services) {
        await().atMost(DETECTION).until(() -> status(service, "/actuator/health/readiness") == 503);
        assertThat(body(service)).contains("\"degraded\"", "redis: ");
      }
      during = Math.max(during, slowestPercentMillis());
    } finally {
      redis.resume();
    }

    System.out.printf("health.p99 before=%.1fms hanging=%.1fms%n", before, during);
    assertThat(during).isLessThan(Math.max(LIMIT_MILLIS, NOISE * before));
    for (ConfigurableApplicationContext service : services) {
      await().atMost(RECOVERY).until(() -> status(service, "/actuator/health/readiness") == 200);
      await().atMost(RECOVERY).until(() -> body(service).contains("\"ok\""));
    }
  }

  /// The lowest p99 of several series of requests for the health of all services in turn. Other
  /// programs of the machine slow down some series; a service that waits for Redis would slow down
  /// all.
  private static double slowestPercentMillis() throws IOException, InterruptedException {
    double lowest = Double.MAX_VALUE;
    for (int series = 0; series < SERIES; series++) {
      long[] nanos = new long[REQUESTS];
      for (int i = 0; i < REQUESTS; i++) {
        long start = System.nanoTime();
        assertThat(status(services.get(i % services.size()), "/health")).isEqualTo(200);
        nanos[i] = System.nanoTime() - start;
      }
      Arrays.sort(nanos);
      lowest = Math.min(lowest, nanos[REQUESTS * 99 / 100] / 1e6);
    }
    return lowest;
  }

  private static int status(ConfigurableApplicationContext service, String path)
      throws IOException, InterruptedException {
    return send(service, path).statusCode();
  }

  private static String body(ConfigurableApplicationContext service)
      throws IOException, InterruptedException {
    return send(service, "/health").body();
  }

  private static HttpResponse<String> send(ConfigurableApplicationContext service, String path)
      throws IOException, InterruptedException {
    String port = service.getEnvironment().getRequiredProperty("local.server.port");
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
