package io.verbatim.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.OngoingCall;
import io.verbatim.local.caller.PcmCaller;
import io.verbatim.local.deepgram.SimulatedDeepgram;
import io.verbatim.local.process.ServiceJar;
import io.verbatim.local.process.ServiceProcess;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.pubsub.testkit.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.reactive.function.client.WebClient;

/// The three jars at the most talkative log level, with a word for every secret: none of them is in
/// any log afterwards, and no phone number is shown to who does not operate the system.
class SecretsIT {
  private static final SampleCall SAMPLE = SampleCall.load();
  private static final Duration CUT = Duration.ofMillis(10_600);
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String USER = "exotel";
  private static final String TENANT = "acme1";
  private static final String PASSWORD = "marked-exotel-password";
  private static final String PATH_TOKEN = "marked-path-token";
  private static final String START_TOKEN = "marked-start-token";
  private static final String GUESS = "marked-wrong-guess";
  private static final String DEEPGRAM_KEY = "marked-deepgram-key";
  private static final String REDIS_PASSWORD = "marked-redis-password";

  /// Of the numbers every call here has, without the zero they may lose on the way.
  private static final List<String> NUMBERS = List.of("9876543210", "8012345678");

  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final String agent = keys.token("transcripts:read", TENANT, Duration.ofHours(1));
  private final String operator =
      keys.token("transcripts:read ops audio:write", null, Duration.ofHours(1));

  @Test
  void noSecret_isInAnyLogAtAnyLevel(@TempDir Path logs) throws Exception {
    try (RedisServer redis = RedisServer.startOwn();
        SimulatedDeepgram deepgram = SimulatedDeepgram.start(SAMPLE)) {
      redis.commands().configSet("requirepass", REDIS_PASSWORD);
      try (ServiceProcess ingest = start(ServiceJar.INGEST, redis, ingest(), logs);
          ServiceProcess worker = start(ServiceJar.WORKER, redis, worker(deepgram), logs);
          ServiceProcess gateway = start(ServiceJar.GATEWAY, redis, Map.of(), logs)) {
        List.of(ingest, worker, gateway).forEach(service -> service.awaitReady(PATIENCE));
        URI door = URI.create("ws://127.0.0.1:" + ingest.port() + "/v1/ingest");
        OngoingCall call =
            new ExotelCaller(door, USER, PASSWORD, TENANT).call(SAMPLE.sound().first(CUT));
        new PcmCaller(door, operator, TENANT).call(SAMPLE.sound().first(Duration.ofSeconds(1)));
        strangers(ingest, gateway);
        EventStream.readToTheEnd(
            gateway.http("/v1/calls/" + call.callId() + "/transcript"), agent, PATIENCE);
        numbersAreMasked(gateway, call.callId());
      }
    }

    String all = logs(logs);
    assertThat(all).contains("server.listening", "redis.connected", "recognizer.opened");
    assertThat(secrets())
        .allSatisfy(secret -> assertThat(all.contains(secret)).as(secret).isFalse());
  }

  private static String logs(Path logs) throws IOException {
    StringBuilder all = new StringBuilder();
    for (ServiceJar jar : ServiceJar.values()) {
      all.append(Files.readString(logs.resolve(jar.module() + ".log"), UTF_8));
    }
    return all.toString();
  }

  private List<String> secrets() {
    List<String> secrets =
        new ArrayList<>(
            List.of(
                PASSWORD,
                PATH_TOKEN,
                START_TOKEN,
                GUESS,
                DEEPGRAM_KEY,
                REDIS_PASSWORD,
                base64(USER + ":" + PASSWORD),
                base64(USER + ":" + GUESS),
                agent,
                operator,
                agent.substring(agent.lastIndexOf('.') + 1),
                operator.substring(operator.lastIndexOf('.') + 1)));
    secrets.addAll(NUMBERS);
    SAMPLE
        .utterances()
        .forEach(utterance -> {
          secrets.add(utterance.text());
          String[] words = utterance.text().split(" ", -1);
          for (int word = 0; word + 1 < words.length; word++) {
            secrets.add(words[word] + " " + words[word + 1]);
          }
        });
    return secrets;
  }

  private ServiceProcess start(
      ServiceJar jar, RedisServer redis, Map<String, String> settings, Path logs) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("REDIS_URL", redis.url().replace("redis://", "redis://:" + REDIS_PASSWORD + "@"));
    all.put("JWT_PUBLIC_KEY", keys.publicKeyPem());
    all.put("LOG_LEVEL", "trace");
    return jar.start(ROOT, all, logs.resolve(jar.module() + ".log"));
  }

  private static Map<String, String> ingest() {
    return Map.of(
        "SUPPORT_EXOTEL", "true",
        "EXOTEL_USERNAME", USER,
        "EXOTEL_PASSWORD", PASSWORD,
        "EXOTEL_PATH_TOKEN", PATH_TOKEN,
        "EXOTEL_START_TOKEN", START_TOKEN);
  }

  private static Map<String, String> worker(SimulatedDeepgram deepgram) {
    return Map.of(
        "DEEPGRAM_API_KEY",
        DEEPGRAM_KEY,
        "DEEPGRAM_URL",
        deepgram.uri().toString(),
        "DEEPGRAM_MODEL",
        "simulated");
  }

  /// Every other way to show something, rightly and wrongly.
  private void strangers(ServiceProcess ingest, ServiceProcess gateway) {
    ask(ingest, "/v1/ingest/" + PATH_TOKEN, Map.of());
    ask(ingest, "/v1/ingest/" + GUESS, Map.of());
    ask(ingest, "/v1/ingest?token=" + START_TOKEN, Map.of());
    ask(ingest, "/v1/ingest?token=" + GUESS, Map.of());
    ask(ingest, "/v1/ingest", Map.of("Authorization", "Basic " + base64(USER + ":" + PASSWORD)));
    ask(ingest, "/v1/ingest", Map.of("Authorization", "Basic " + base64(USER + ":" + GUESS)));
    ask(ingest, "/v1/ingest", Map.of("Authorization", "Bearer " + operator + GUESS));
    ask(ingest, "/" + GUESS + "%00", Map.of("Authorization", "Bearer " + operator));
    ask(gateway, "/v1/calls", Map.of("Authorization", "Bearer " + GUESS));
    ask(gateway, "/v1/calls", Map.of("Cookie", "verbatim_session=" + agent));
    ask(gateway, "/v1/calls/" + GUESS, Map.of("Authorization", "Bearer " + agent));
    ask(gateway, "/v1/calls?state=" + GUESS, Map.of("Authorization", "Bearer " + agent));
    ask(gateway, "/v1/calls?token=" + operator, Map.of("Last-Event-ID", GUESS));
  }

  private static void ask(ServiceProcess service, String path, Map<String, String> headers) {
    Optional<String> answer =
        WebClient.create()
            .get()
            .uri(service.http(path))
            .headers(all -> headers.forEach(all::set))
            .exchangeToMono(response -> response.bodyToMono(String.class).defaultIfEmpty(""))
            .blockOptional(PATIENCE);
    assertThat(answer).isPresent();
  }

  private void numbersAreMasked(ServiceProcess gateway, String call) {
    for (String path :
        List.of(
            "/v1/calls?state=all",
            "/v1/calls/" + call,
            "/v1/calls/" + call + "/transcript?format=json",
            "/v1/calls/" + call + "/transcript?format=txt",
            "/v1/live?call=" + call)) {
      assertThat(read(gateway, path, agent, call)).as(path).doesNotContain(NUMBERS);
    }
    assertThat(read(gateway, "/v1/calls?state=all", operator, call)).contains(NUMBERS);
    assertThat(read(gateway, "/v1/live", operator, call)).contains(NUMBERS);
  }

  /// What is read of an answer up to where it names the call.
  private static String read(ServiceProcess gateway, String path, String token, String call) {
    return WebClient.create()
        .get()
        .uri(gateway.http(path))
        .headers(headers -> headers.setBearerAuth(token))
        .retrieve()
        .bodyToFlux(String.class)
        .takeUntil(text -> text.contains(call))
        .collectList()
        .map(texts -> String.join("\n", texts))
        .blockOptional(PATIENCE)
        .orElseThrow();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
