package io.verbatim.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.OngoingCall;
import io.verbatim.local.caller.PcmCaller;
import io.verbatim.local.deepgram.SimulatedDeepgram;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.process.ServiceJar;
import io.verbatim.process.ServiceProcess;
import io.verbatim.testkit.redis.RedisServer;
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
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;

/// Runs the three services at log level trace, with a recognisable value for every secret. No
/// secret is in any log, and only operators see phone numbers.
class SecretsIT {
  private static final SampleCall SAMPLE = SampleCall.load();
  private static final Duration LENGTH = Duration.ofMillis(10_600);
  private static final Duration TIMEOUT = Duration.ofMinutes(4);
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String USER = "exotel";
  private static final String TENANT = "acme1";
  private static final String PASSWORD = "marked-exotel-password";
  private static final String PATH_TOKEN = "marked-path-token";
  private static final String START_TOKEN = "marked-start-token";
  private static final String WRONG_VALUE = "marked-wrong-value";
  private static final String DEEPGRAM_KEY = "marked-deepgram-key";
  private static final String REDIS_PASSWORD = "marked-redis-password";

  /// The phone numbers of every call, without the leading zero, which may be removed.
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
        List.of(ingest, worker, gateway).forEach(service -> service.awaitReady(TIMEOUT));
        URI url = URI.create("ws://127.0.0.1:" + ingest.port() + "/v1/ingest");
        OngoingCall call =
            new ExotelCaller(url, USER, PASSWORD, TENANT).call(SAMPLE.sound().first(LENGTH));
        new PcmCaller(url, operator, TENANT).call(SAMPLE.sound().first(Duration.ofSeconds(1)));
        sendOtherCredentials(ingest, gateway);
        readTranscriptToTheEnd(gateway, call.callId());
        assertNumbersAreMasked(gateway, call.callId());
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
                WRONG_VALUE,
                DEEPGRAM_KEY,
                REDIS_PASSWORD,
                base64(USER + ":" + PASSWORD),
                base64(USER + ":" + WRONG_VALUE),
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

  /// Sends valid and invalid credentials in every other supported form.
  private void sendOtherCredentials(ServiceProcess ingest, ServiceProcess gateway) {
    get(ingest, "/v1/ingest/" + PATH_TOKEN, Map.of());
    get(ingest, "/v1/ingest/" + WRONG_VALUE, Map.of());
    get(ingest, "/v1/ingest?token=" + START_TOKEN, Map.of());
    get(ingest, "/v1/ingest?token=" + WRONG_VALUE, Map.of());
    get(ingest, "/v1/ingest", Map.of("Authorization", "Basic " + base64(USER + ":" + PASSWORD)));
    get(ingest, "/v1/ingest", Map.of("Authorization", "Basic " + base64(USER + ":" + WRONG_VALUE)));
    get(ingest, "/v1/ingest", Map.of("Authorization", "Bearer " + operator + WRONG_VALUE));
    get(ingest, "/" + WRONG_VALUE + "%00", Map.of("Authorization", "Bearer " + operator));
    get(gateway, "/v1/calls", Map.of("Authorization", "Bearer " + WRONG_VALUE));
    get(gateway, "/v1/calls", Map.of("Cookie", "verbatim_session=" + agent));
    get(gateway, "/v1/calls/" + WRONG_VALUE, Map.of("Authorization", "Bearer " + agent));
    get(gateway, "/v1/calls?state=" + WRONG_VALUE, Map.of("Authorization", "Bearer " + agent));
    get(gateway, "/v1/calls?token=" + operator, Map.of("Last-Event-ID", WRONG_VALUE));
  }

  private static void get(ServiceProcess service, String path, Map<String, String> headers) {
    Optional<String> answer =
        WebClient.create()
            .get()
            .uri(service.http(path))
            .headers(all -> headers.forEach(all::set))
            .exchangeToMono(response -> response.bodyToMono(String.class).defaultIfEmpty(""))
            .blockOptional(TIMEOUT);
    assertThat(answer).isPresent();
  }

  /// Reads the events of the call until the gateway closes the stream.
  private void readTranscriptToTheEnd(ServiceProcess gateway, String call) {
    WebClient.create()
        .get()
        .uri(gateway.http("/v1/calls/" + call + "/transcript"))
        .accept(MediaType.TEXT_EVENT_STREAM)
        .headers(headers -> headers.setBearerAuth(agent))
        .retrieve()
        .bodyToFlux(String.class)
        .blockLast(TIMEOUT);
  }

  private void assertNumbersAreMasked(ServiceProcess gateway, String call) {
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

  /// Reads an answer up to the first occurrence of the call id.
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
        .blockOptional(TIMEOUT)
        .orElseThrow();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
