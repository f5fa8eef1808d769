package io.verbatim.gateway;

import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.record.CallRecords;
import io.verbatim.record.archive.Retention;
import io.verbatim.record.database.DatabaseUrl;
import io.verbatim.security.client.AddressRange;
import io.verbatim.security.client.TrustedProxies;
import io.verbatim.security.token.TokenSettings;
import io.verbatim.service.Secret;
import io.verbatim.service.Tls;
import io.verbatim.service.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/// The settings of the gateway. Defaults and environment variables are in `application.yml`.
///
/// An invalid value fails the start with one sentence that names the environment variable.
///
/// @param redisUrl may contain a password
/// @param transport the I/O interface of the event loop
/// @param jwt how tokens are verified
/// @param trustedProxies addresses whose `X-Forwarded-*` headers are trusted
/// @param clientIpHeader the header in which those proxies name the client; empty for
///   `X-Forwarded-For`
/// @param alertWords words and phrases that are highlighted on every agent's page
/// @param managementPort the port of the metrics; negative for none
/// @param record the database of ended calls
@ConfigurationProperties("verbatim")
public record GatewayProperties(
    Secret redisUrl,
    String redisKeyPrefix,
    Adapter pubsubAdapter,
    Transport.Choice transport,
    TokenSettings jwt,
    List<String> corsOrigins,
    List<String> trustedProxies,
    String clientIpHeader,
    List<String> alertWords,
    Tls tls,
    RedisClients redisClients,
    int managementPort,
    CallRecordSettings record,
    RecordingsProperties recordings,
    TranslationProperties translation,
    Limits limits) {

  /// Every browser searches each line of each call for all of them.
  private static final int MAX_ALERT_WORDS = 200;

  /// The implementation of the bus.
  public enum Adapter {
    REDIS_STREAMS,
    /// Only if all services run in one process.
    IN_MEMORY
  }

  /// Connections of all clients of Redis from which a warning or a critical alert is raised.
  public record RedisClients(int warn, int critical) {
    public RedisClients {
      atLeastOne("REDIS_CLIENTS_WARN", warn);
      atLeastOne("REDIS_CLIENTS_CRITICAL", critical);
    }
  }

  /// The database of ended calls.
  ///
  /// @param databaseUrl empty for none; may contain a password
  /// @param archiveRetention how long archived transcripts are kept, see [Retention#parse]
  /// @param usageRetention how long usage is kept by day
  /// @param auditRetention how long audit entries are kept
  /// @param numberHashKey key of the hashes of phone numbers; empty for one in the database
  public record CallRecordSettings(
      Secret databaseUrl,
      String archiveRetention,
      Duration usageRetention,
      Duration auditRetention,
      Secret numberHashKey) {

    private static final int MIN_KEY_LENGTH = 32;

    /// The log must not remember a call whose row was rolled up: it would be archived again.
    private static final Duration MIN_USAGE_RETENTION = Duration.ofDays(31);

    public CallRecordSettings {
      if (usageRetention.compareTo(MIN_USAGE_RETENTION) < 0) {
        throw new IllegalArgumentException(
            "USAGE_RETENTION must be at least 31d, but is " + usageRetention.toDays() + "d");
      }
      positive("AUDIT_RETENTION", auditRetention);
      int keyLength = numberHashKey.value().length();
      if (numberHashKey.isSet() && keyLength < MIN_KEY_LENGTH) {
        throw new IllegalArgumentException(
            "NUMBER_HASH_KEY must have at least %d characters, but has %d"
                .formatted(MIN_KEY_LENGTH, keyLength));
      }
      if (databaseUrl.isSet()) {
        DatabaseUrl.parse(databaseUrl.value());
      }
      Retention.parse("ARCHIVE_RETENTION", archiveRetention);
    }

    /// The settings of the record; empty without a database.
    Optional<CallRecords.Settings> settings() {
      return databaseUrl.isSet()
          ? Optional.of(
              new CallRecords.Settings(
                  DatabaseUrl.parse(databaseUrl.value()),
                  Retention.parse("ARCHIVE_RETENTION", archiveRetention),
                  usageRetention,
                  auditRetention,
                  numberHashKey))
          : Optional.empty();
    }
  }

  /// Limits of the memory of this service and of the work for one client.
  ///
  /// @param feedMemory for the encoded lines of all transcripts
  /// @param maxSseClientsPerTenant open streams of one tenant
  /// @param authFailuresPerSecond requests of one address without a sufficient token
  /// @param requestsPerSecond requests of one address
  /// @param maxRequestBody body of one request
  /// @param requestTimeout time until a request is complete, and between two on one connection
  public record Limits(
      int maxSseClients,
      int maxSseClientsPerTenant,
      DataSize sseBuffer,
      Duration sseSweepInterval,
      Duration sseStaleAfter,
      Duration callRetain,
      DataSize feedMemory,
      int deadLetterMax,
      int authFailuresPerSecond,
      int requestsPerSecond,
      DataSize maxRequestBody,
      Duration requestTimeout) {

    /// Enough for the page that a subscriber is sent and for windows of live calls.
    private static final DataSize MIN_FEED_MEMORY = DataSize.ofMegabytes(1);

    public Limits {
      atLeastOne("MAX_SSE_CLIENTS", maxSseClients);
      atLeastOne("MAX_SSE_CLIENTS_PER_TENANT", maxSseClientsPerTenant);
      atLeastOne("AUTH_FAILURES_PER_SECOND", authFailuresPerSecond);
      atLeastOne("REQUESTS_PER_SECOND", requestsPerSecond);
      positive("REQUEST_TIMEOUT", requestTimeout);
      atLeastOne("DEAD_LETTER_MAX", deadLetterMax);
      positive("SSE_SWEEP_INTERVAL", sseSweepInterval);
      positive("SSE_STALE_AFTER", sseStaleAfter);
      positive("CALL_RETAIN", callRetain);
      if (feedMemory.toBytes() < MIN_FEED_MEMORY.toBytes()) {
        throw new IllegalArgumentException(
            "FEED_MEMORY must be at least 1MB, but is " + feedMemory);
      }
      if (maxRequestBody.isNegative()) {
        throw new IllegalArgumentException(
            "MAX_REQUEST_BODY must not be negative, but is " + maxRequestBody);
      }
      if (sseBuffer.toBytes() < 1024) {
        throw new IllegalArgumentException("SSE_BUFFER must be at least 1KB, but is " + sseBuffer);
      }
    }
  }

  public GatewayProperties {
    RedisSettings.check(redisUrl.value(), redisKeyPrefix);
    if (!jwt.areSet()) {
      throw new IllegalArgumentException(
          "JWT_PUBLIC_KEY, JWT_JWKS_URL or AUTH0_DOMAIN must be set: tokens cannot be verified"
              + " without a key");
    }
    trustedProxies = List.copyOf(trustedProxies);
    List<String> proxies = trustedProxies;
    check("TRUSTED_PROXIES", () -> proxies.forEach(AddressRange::parse));
    check("CLIENT_IP_HEADER", () -> TrustedProxies.checkHeader(clientIpHeader, !proxies.isEmpty()));
    corsOrigins = List.copyOf(corsOrigins);
    corsOrigins.forEach(GatewayProperties::checkOrigin);
    alertWords = alertWords.stream().map(String::strip).filter(word -> !word.isEmpty()).toList();
    if (alertWords.size() > MAX_ALERT_WORDS) {
      throw new IllegalArgumentException(
          "ALERT_WORDS must list at most %d words or phrases, but lists %d"
              .formatted(MAX_ALERT_WORDS, alertWords.size()));
    }
  }

  /// Runs a check and puts the setting's name before its error message.
  private static void check(String setting, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(setting + " " + e.getMessage(), e);
    }
  }

  /// Rejects an origin that can never match, because origins are compared exactly.
  private static void checkOrigin(String origin) {
    if (!origin.matches("https?://[^/*\\s]+")) {
      throw new IllegalArgumentException(
          "CORS_ORIGINS must list origins such as https://desk.example.com, without path or"
              + " wildcard, but has "
              + origin);
    }
  }

  private static void atLeastOne(String setting, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(setting + " must be at least 1, but is " + value);
    }
  }

  private static void positive(String setting, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(
          setting + " must be longer than 0s, but is " + value.toMillis() + "ms");
    }
  }
}
