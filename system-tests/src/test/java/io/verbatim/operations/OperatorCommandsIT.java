package io.verbatim.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.deepgram.SimulatedDeepgram;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.process.ServiceJar;
import io.verbatim.process.ServiceProcess;
import io.verbatim.testkit.redis.RedisServer;
import io.verbatim.tools.OperatorTools;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `smoke` and `dead-letters` against the services' jars.
class OperatorCommandsIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final LocalKeys KEYS = new LocalKeys(InstantSource.system());
  private static final String CALLER =
      KEYS.token("audio:write transcripts:read", "acme", Duration.ofHours(1));

  private static RedisServer redis;
  private static SimulatedDeepgram deepgram;
  private static ServiceProcess ingest;
  private static ServiceProcess worker;
  private static ServiceProcess gateway;

  /// A run of a command.
  private record Run(int status, String output) {}

  @BeforeAll
  static void start(@TempDir Path logs) {
    redis = RedisServer.startOwn();
    deepgram = SimulatedDeepgram.start(SampleCall.load());
    ingest = start(ServiceJar.INGEST, Map.of(), logs);
    worker =
        start(
            ServiceJar.WORKER,
            Map.of("DEEPGRAM_API_KEY", "key", "DEEPGRAM_URL", deepgram.uri().toString()),
            logs);
    gateway = start(ServiceJar.GATEWAY, Map.of(), logs);
    List.of(ingest, worker, gateway).forEach(service -> service.awaitReady(TIMEOUT));
  }

  private static ServiceProcess start(ServiceJar jar, Map<String, String> settings, Path logs) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("REDIS_URL", redis.url());
    all.put("JWT_PUBLIC_KEY", KEYS.publicKeyPem());
    return jar.start(JarRun.ROOT, all, logs.resolve(jar.module() + ".log"));
  }

  @AfterAll
  static void stop() {
    List.of(gateway, worker, ingest).forEach(ServiceProcess::close);
    deepgram.close();
    redis.close();
  }

  @Test
  void healthyStack_passesEveryCheck() {
    Run run = run("smoke", gateway.http("/").toString(), CALLER, "--ingest", ingestUrl());

    assertThat(run.output()).endsWith("All checks passed." + System.lineSeparator());
    assertThat(run.output().lines().filter(line -> line.startsWith("ok"))).hasSize(16);
    assertThat(run.output())
        .containsPattern("words +\\d+ words")
        .contains("receivedMs=8000 transcribedMs=8000 gapMs=0 pendingMs=0");
    assertThat(run.status()).isZero();
  }

  @Test
  void tokenWithoutScopes_failsTheChecksThatNeedThem() {
    String token = KEYS.token("transcripts:read", "acme", Duration.ofHours(1));

    Run run = run("smoke", gateway.http("/").toString(), token, "--ingest", ingestUrl());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output())
        .contains("FAIL  call ")
        .contains("does not accept the call: status 403")
        .endsWith("Failed: call" + System.lineSeparator());
  }

  /// As behind a load balancer that sends only the paths of callers to ingest.
  @Test
  void oneAddress_answersHealthForTheGatewayOnly() {
    String shared = gateway.http("/").toString();

    Run run = run("smoke", shared, CALLER);

    assertThat(run.output())
        .contains("ok    gateway health", "skip  ingest health", "FAIL  call ")
        .doesNotContain("FAIL  ingest health", "ingest readiness");
    assertThat(run.status()).isEqualTo(1); // This gateway has no path of ingest.
  }

  @Test
  void noStack_failsAndSaysSo() {
    Run run = run("smoke", "http://127.0.0.1:1/", CALLER);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output()).contains("FAIL  gateway health").contains("no answer");
  }

  @Test
  void deadLetters_areListedShownAndPurged() {
    String first = add("not a call");
    String second = add("not JSON");
    String token = KEYS.token("ops transcripts:read", null, Duration.ofHours(1));
    String url = gateway.http("/").toString();

    assertThat(run("dead-letters", url, token).output())
        .contains("id=" + first + " source=audio_stream entry=5-0 reason=\"not a call\"")
        .endsWith("2 dead letters" + System.lineSeparator());
    assertThat(run("dead-letters", url, token, "--show", second).output()).contains("not JSON");
    assertThat(run("dead-letters", url, token, "--purge", first).output()).startsWith("deleted");
    assertThat(run("dead-letters", url, token, "--purge", first))
        .satisfies(run -> {
          assertThat(run.status()).isEqualTo(1);
          assertThat(run.output()).contains("No dead letter has this id.");
        });
    assertThat(run("dead-letters", url, token, "--purge-all").output()).startsWith("1 deleted");
    assertThat(run("dead-letters", url, CALLER).output()).startsWith("Refused: status 403");
  }

  private static String add(String reason) {
    return redis
        .commands()
        .xadd("dead_letters", Map.of("source", "audio_stream", "entry", "5-0", "reason", reason));
  }

  private static String ingestUrl() {
    return "ws://127.0.0.1:" + ingest.port() + "/v1/ingest";
  }

  private static Run run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int status = OperatorTools.run(new PrintStream(out, true, StandardCharsets.UTF_8), arguments);
    return new Run(status, out.toString(StandardCharsets.UTF_8));
  }
}
