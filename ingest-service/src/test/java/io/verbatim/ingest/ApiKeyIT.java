package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.RawRequest;
import io.verbatim.ingest.testkit.TestBus;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.ApiKeyList;
import io.verbatim.pubsub.message.PublishedApiKey;
import io.verbatim.testkit.redis.RedisServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Callers with API keys, which a gateway publishes in Redis.
class ApiKeyIT {
  private static final Tokens TOKENS = new Tokens();
  private static final String PATH = "/v1/ingest";
  private static final String SECRET = "_0123456789012345678901234567890123456789";
  private static final Duration VALID = Duration.ofMinutes(10);
  private static final Duration REVOKED_WITHIN = Duration.ofSeconds(5);

  private final RedisServer redis = RedisServer.startOwn();
  private final Bus gateway = TestBus.open(redis.url());
  private final IngestServer server =
      IngestServer.start(redis.url(), TOKENS, Map.of("AUTH_FAILURES_PER_SECOND", "1000"));

  @BeforeEach
  void connect() {
    await().until(() -> gateway.health() instanceof BusHealth.Connected);
  }

  @AfterEach
  void close() {
    server.close();
    gateway.close();
    redis.close();
  }

  private static String text(String id) {
    return "vk_" + id + SECRET;
  }

  private static PublishedApiKey key(String id, @Nullable String tenant, String scope) {
    return key(id, tenant, scope, null);
  }

  private static PublishedApiKey key(
      String id, @Nullable String tenant, String scope, @Nullable Instant expiresAt) {
    return key(id, text(id), tenant, scope, expiresAt);
  }

  /// A key with a given text.
  static PublishedApiKey key(
      String id, String text, @Nullable String tenant, String scope, @Nullable Instant expiresAt) {
    return new PublishedApiKey(id, sha256(text), tenant, Set.of(scope), expiresAt);
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void publish(long version, Duration validFor, PublishedApiKey... keys) {
    gateway
        .apiKeys()
        .publish(version, ApiKeyList.encode(List.of(keys)), validFor)
        .toCompletableFuture()
        .join();
  }

  private RawRequest upgrade(String key) {
    return RawRequest.upgrade(server.port(), PATH, Map.of("x-api-key", key));
  }

  private static String code(RawRequest refused) {
    return refused.status() + " " + refused.json().path("code").stringValue();
  }

  /// Publishes keys and waits until the service knows them.
  private void publishAndAwait(long version, PublishedApiKey... keys) {
    publish(version, VALID, keys);
    await().until(() -> upgrade(text(keys[0].id())).status() == 101);
  }

  private TestSocket socket(String key) {
    return TestSocket.connect(server.socket(PATH), Map.of("x-api-key", key));
  }

  @Test
  void keyOfTenant_startsItsCallsOnly() {
    publishAndAwait(1, key("first", "t1", "audio:write"));
    TestSocket own = socket(text("first"));
    own.send(PcmClient.start("call-1", ""));
    own.send(PcmClient.frame(1));
    own.send("{\"event\":\"stop\"}");
    assertThat(own.await("stopped").path("frames").longValue()).isEqualTo(1);
    assertThat(own.awaitClose()).isEqualTo(1000);

    TestSocket other = socket(text("first"));
    other.send(PcmClient.start("call-2", "").replace("\"t1\"", "\"t2\""));

    assertThat(other.await("error").path("code").stringValue()).isEqualTo("claim_tenant_id");
    assertThat(other.awaitClose()).isEqualTo(1008);
  }

  @ParameterizedTest
  @CsvSource({
    "vk_guessed_0123456789012345678901234567890123456789, 401 bad_api_key",
    "vk_first_9123456789012345678901234567890123456789,   401 bad_api_key",
    "vk_first,                                            401 bad_api_key",
    "no-key,                                              401 bad_api_key",
    "vk_old_0123456789012345678901234567890123456789,     401 bad_api_key",
    "vk_reads_0123456789012345678901234567890123456789,   403 missing_scope",
  })
  void keyThatGivesNoAccess_isRefusedWithItsReason(String key, String refusal) {
    publishAndAwait(
        1,
        key("first", "t1", "audio:write"),
        key("old", "t1", "audio:write", Instant.now().minusSeconds(1)),
        key("reads", "t1", "transcripts:read"));

    RawRequest refused = upgrade(key);

    assertThat(code(refused)).isEqualTo(refusal);
    assertThat(refused.body()).doesNotContain(key);
  }

  @Test
  void keyAsBearerOrInUrl_isRefused() {
    publishAndAwait(1, key("first", "t1", "audio:write"));
    String key = text("first");

    assertThat(
            code(RawRequest.upgrade(server.port(), PATH, Map.of("Authorization", "Bearer " + key))))
        .isEqualTo("401 malformed_token");
    assertThat(code(RawRequest.upgrade(server.port(), PATH + "/" + key, Map.of())))
        .isEqualTo("401 bad_path_token");
    assertThat(code(RawRequest.upgrade(server.port(), PATH + "?x-api-key=" + key, Map.of())))
        .isEqualTo("401 no_token");
  }

  @Test
  void revokedKey_closesItsStreamsAndAnotherKeyResumesTheCall() {
    publishAndAwait(1, key("first", "t1", "audio:write"), key("second", "t1", "audio:write"));
    TestSocket revoked = socket(text("first"));
    TestSocket other = socket(text("second"));
    TestSocket bearer = TestSocket.pcm(server, TOKENS.valid());
    revoked.send(PcmClient.start("call-1", ""));
    revoked.await("started");
    revoked.send(PcmClient.frame(1));
    other.send(PcmClient.start("call-2", ""));
    other.await("started");

    publish(2, VALID, key("second", "t1", "audio:write"));

    await().atMost(REVOKED_WITHIN).until(() -> !revoked.isOpen());
    assertThat(revoked.awaitClose()).isEqualTo(1008);
    assertThat(revoked.await("error").path("code").stringValue()).isEqualTo("key_revoked");
    assertThat(code(upgrade(text("first")))).isEqualTo("401 bad_api_key");
    assertThat(other.isOpen()).isTrue();
    assertThat(bearer.isOpen()).isTrue();
    TestSocket resumed = socket(text("second"));
    resumed.send(PcmClient.start("call-1", ",\"resume_from\":2"));
    assertThat(resumed.await("started").path("next_seq").longValue()).isEqualTo(2);
    for (TestSocket open : List.of(other, bearer, resumed)) {
      open.drop();
    }
  }

  @Test
  void keyThatExpires_closesItsStreams() {
    publishAndAwait(1, key("first", "t1", "audio:write", Instant.now().plusSeconds(4)));
    TestSocket stream = socket(text("first"));
    stream.send(PcmClient.start("call-1", ""));
    stream.await("started");

    assertThat(stream.awaitClose()).isEqualTo(1008);
    assertThat(stream.await("error").path("code").stringValue()).isEqualTo("key_revoked");
  }

  @Test
  void audioStream_acceptsAndRevokesKeys() {
    publishAndAwait(1, key("first", "t1", "audio:write"));
    TestSocket stream =
        TestSocket.connect(server.socket("/audio-stream"), Map.of("x-api-key", text("first")));
    assertThat(stream.await("connected").path("auth_type").stringValue()).isEqualTo("api_key");
    RawRequest refused =
        RawRequest.upgrade(server.port(), "/audio-stream", Map.of("x-api-key", text("guessed")));
    assertThat(refused.json().path("detail").stringValue())
        .isEqualTo("Connection rejected: Invalid or expired authentication token");

    publish(2, VALID);

    assertThat(stream.awaitClose()).isEqualTo(1008);
  }

  @Test
  void withoutPublishedKeys_keysAreUnavailableAndTokensAreAccepted() {
    assertThat(code(upgrade(text("first")))).isEqualTo("503 api_keys_unavailable");
    assertThat(upgrade("no-key").headers()).containsKey("Retry-After");
    TestSocket.pcm(server, TOKENS.valid()).drop();
  }

  @Test
  void keysThatNoGatewayConfirms_areRefusedAfterTheirTimeAndOpenStreamsStay() {
    publish(1, Duration.ofSeconds(5), key("first", "t1", "audio:write"));
    await().until(() -> upgrade(text("first")).status() == 101);
    TestSocket stream = socket(text("first"));

    await().until(() -> upgrade(text("first")).status() == 503);

    assertThat(stream.isOpen()).isTrue();
    TestSocket.pcm(server, TOKENS.valid()).drop();
    publishAndAwait(2, key("first", "t1", "audio:write"));
    stream.drop();
  }

  @Test
  void whileRedisIsAway_knownKeysCountForTheirTime() {
    publish(1, Duration.ofSeconds(6), key("first", "t1", "audio:write"));
    await().until(() -> upgrade(text("first")).status() == 101);

    redis.kill();

    assertThat(upgrade(text("first")).status()).isEqualTo(101);
    await().until(() -> upgrade(text("first")).status() == 503);
    TestSocket.pcm(server, TOKENS.valid()).drop();
    redis.restart();
  }

  @Test
  void usedKeys_areReportedToTheGateway() {
    publishAndAwait(1, key("first", "t1", "audio:write"), key("second", "t1", "audio:write"));

    await()
        .until(() ->
            gateway
                .apiKeys()
                .confirm(1, VALID)
                .toCompletableFuture()
                .join()
                .used()
                .equals(Set.of("first")));
  }
}
