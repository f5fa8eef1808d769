package io.verbatim.gateway;

import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.service.Tls;
import io.verbatim.service.Transport;
import io.verbatim.tokens.TokenSettings;
import io.verbatim.tokens.client.AddressRange;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/// What an operator can set; the defaults and the environment variables are in `application.yml`.
///
/// An invalid value is refused with one sentence that names the environment variable.
///
/// @param transport how the event loop talks to the kernel
/// @param jwt how tokens are checked
/// @param trustedProxies whose `X-Forwarded-*` headers are trusted
/// @param alertWords words and phrases that are highlighted on every agent's page
/// @param managementPort where metrics are served; negative: nowhere
@ConfigurationProperties("verbatim")
public record GatewayProperties(
    String redisUrl,
    String redisKeyPrefix,
    Adapter pubsubAdapter,
    Transport.Choice transport,
    TokenSettings jwt,
    List<String> corsOrigins,
    List<String> trustedProxies,
    List<String> alertWords,
    Tls tls,
    RedisClients redisClients,
    int managementPort,
    Limits limits) {

  /// Each line of each call is searched for all of them, in every browser.
  private static final int MOST_ALERT_WORDS = 200;

  /// Where the bus is.
  public enum Adapter {
    REDIS_STREAMS,
    /// Only where all services run in one process.
    IN_MEMORY
  }

  /// From how many connections of all clients on the operators of Redis are told.
  public record RedisClients(int warn, int critical) {
    public RedisClients {
      atLeastOne("REDIS_CLIENTS_WARN", warn);
      atLeastOne("REDIS_CLIENTS_CRITICAL", critical);
    }
  }

  /// The bounds of what this service holds in memory and does for one client.
  ///
  /// @param feedMemory of encoded lines of all transcripts
  /// @param maxSseClientsPerTenant of the streams, those of one tenant
  /// @param authFailuresPerSecond requests of one address without a sufficient token
  /// @param requestsPerSecond of one address
  /// @param maxRequestBody of one request
  /// @param requestTimeout until a request is whole, and between two on one connection
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

    /// Room for the page that a subscriber is sent and for windows of live calls.
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
    RedisSettings.check(redisUrl, redisKeyPrefix);
    if (!jwt.areSet()) {
      throw new IllegalArgumentException(
          "JWT_PUBLIC_KEY (or JWT_JWKS_URL, or AUTH0_DOMAIN) must be set: without keys nobody could"
              + " watch");
    }
    trustedProxies = List.copyOf(trustedProxies);
    checkProxies(trustedProxies);
    corsOrigins = List.copyOf(corsOrigins);
    corsOrigins.forEach(GatewayProperties::checkOrigin);
    alertWords = alertWords.stream().map(String::strip).filter(word -> !word.isEmpty()).toList();
    if (alertWords.size() > MOST_ALERT_WORDS) {
      throw new IllegalArgumentException(
          "ALERT_WORDS must list at most %d words or phrases, but lists %d"
              .formatted(MOST_ALERT_WORDS, alertWords.size()));
    }
  }

  private static void checkProxies(List<String> ranges) {
    try {
      ranges.forEach(AddressRange::parse);
    } catch (IllegalArgumentException unreadable) {
      throw new IllegalArgumentException("TRUSTED_PROXIES " + unreadable.getMessage(), unreadable);
    }
  }

  /// An origin is compared as it stands, so one that can never match is a mistake.
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
          setting + " must be longer than nothing, but is " + value.toMillis() + "ms");
    }
  }
}
