package io.verbatim.ingest;

import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.security.client.AddressRange;
import io.verbatim.security.client.TrustedProxies;
import io.verbatim.security.token.TokenSettings;
import io.verbatim.service.Secret;
import io.verbatim.service.Tls;
import io.verbatim.service.Transport;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/// The service's settings. `application.yml` defines the defaults and the environment variables.
///
/// An invalid value is rejected with one sentence that names the environment variable. An empty
/// value is unset.
///
/// @param jwt how tokens are verified
/// @param publicUrl `https://host` at which callers reach this service
/// @param corsOrigins origins of pages on other sites that may poll for audio streams
/// @param trustedProxies addresses whose `X-Forwarded-*` headers are trusted
/// @param clientIpHeader the header in which those proxies name the client; empty for
///   `X-Forwarded-For`
/// @param drainTimeout how long live calls may continue when the service stops
/// @param managementPort the port of the metrics; 0 for a free one, negative for none
/// @param transport the event loop's Netty transport
@ConfigurationProperties("verbatim")
public record IngestProperties(
    Adapter pubsubAdapter,
    Redis redis,
    TokenSettings jwt,
    Exotel exotel,
    Tls tls,
    String publicUrl,
    List<String> corsOrigins,
    List<String> trustedProxies,
    String clientIpHeader,
    Duration drainTimeout,
    int managementPort,
    Transport.Choice transport,
    Limits limits) {

  /// The implementation of the bus.
  public enum Adapter {
    REDIS_STREAMS,
    /// Only if all services run in one process.
    IN_MEMORY
  }

  /// Whether Exotel must authenticate.
  public enum ExotelAuth {
    REQUIRED,
    NONE
  }

  /// The Redis connection and the retention of what is written there.
  ///
  /// @param url may contain a password
  /// @param audioRetentionBytes limit on unread audio of all calls of this instance
  public record Redis(
      Secret url,
      String keyPrefix,
      Duration audioRetention,
      DataSize audioRetentionBytes,
      Duration transcriptRetention,
      int clientsWarn,
      int clientsCritical) {
    private static final DataSize MIN_RETENTION = DataSize.ofMegabytes(1);

    public Redis {
      RedisSettings.check(url.value(), keyPrefix);
      positive("AUDIO_RETENTION", audioRetention);
      require(
          audioRetentionBytes.compareTo(MIN_RETENTION) >= 0,
          "AUDIO_RETENTION_BYTES must be at least 1MB, but is "
              + audioRetentionBytes.toKilobytes()
              + "KB");
      positive("TRANSCRIPT_RETENTION", transcriptRetention);
      atLeastOne("REDIS_CLIENTS_WARN", clientsWarn);
      atLeastOne("REDIS_CLIENTS_CRITICAL", clientsCritical);
    }
  }

  /// How Exotel authenticates.
  public record Exotel(
      boolean supported,
      ExotelAuth auth,
      String username,
      Secret password,
      Secret pathToken,
      List<String> allowedIps,
      Secret startToken) {
    /// What Exotel sends of a custom parameter.
    private static final int MAX_CUSTOM_PARAMETER = 256;

    public Exotel {
      allowedIps = List.copyOf(allowedIps);
      List<String> ranges = allowedIps;
      prefixErrors("EXOTEL_ALLOWED_IPS", () -> ranges.forEach(AddressRange::parse));
      require(
          username.isEmpty() != password.isSet(),
          "EXOTEL_USERNAME and EXOTEL_PASSWORD must be set together");
      require(
          pathToken.value().matches("[A-Za-z0-9_.~-]*"),
          "EXOTEL_PATH_TOKEN must consist of letters, digits, '-', '_', '.' and '~'");
      require(
          startToken.value().length() <= MAX_CUSTOM_PARAMETER,
          "EXOTEL_START_TOKEN must have at most 256 characters, as Exotel's custom parameters");
      require(
          !supported
              || auth == ExotelAuth.NONE
              || password.isSet()
              || pathToken.isSet()
              || !ranges.isEmpty()
              || startToken.isSet(),
          "SUPPORT_EXOTEL is true, so EXOTEL_USERNAME with EXOTEL_PASSWORD, EXOTEL_PATH_TOKEN,"
              + " EXOTEL_ALLOWED_IPS or EXOTEL_START_TOKEN must be set (EXOTEL_AUTH=none accepts"
              + " callers without credentials)");
    }
  }

  /// The limits of the service.
  ///
  /// @param maxCallsPerTenant live calls of one tenant
  /// @param callBuffer bytes of one call's audio in memory
  /// @param retransmitBytes bytes of stored audio in memory, all calls together
  /// @param resumeWindow how long a pcm call waits for its caller to reconnect
  /// @param startTimeout from the upgrade to the start
  /// @param mediaTimeout time without media until the call ends
  /// @param pingInterval time without any frame until a ping is sent
  /// @param pongTimeout from a ping to any frame
  /// @param transcriptTimeout from the stored end of a call to its last words, for a caller that
  ///   wants them
  /// @param sessionTimeout from the upgrade to the end of the call
  /// @param maxMessage size of one message, all fragments together
  /// @param intakeBurst audio a caller may send at once
  /// @param intakeSpeed send rate in the long run, as a multiple of real time
  /// @param authFailuresPerSecond failed handshakes of one address
  /// @param requestsPerSecond plain HTTP requests of one address
  /// @param maxRequestBody size of one request's body
  /// @param requestTimeout time for a request's headers, for its body, and between two requests on
  ///   one connection
  public record Limits(
      int maxCalls,
      int maxCallsPerTenant,
      DataSize callBuffer,
      DataSize retransmitBytes,
      int ackInterval,
      Duration resumeWindow,
      Duration startTimeout,
      Duration mediaTimeout,
      Duration pingInterval,
      Duration pongTimeout,
      Duration transcriptTimeout,
      Duration sessionTimeout,
      DataSize maxMessage,
      Duration intakeBurst,
      int intakeSpeed,
      int deadLetterMax,
      int authFailuresPerSecond,
      int requestsPerSecond,
      DataSize maxRequestBody,
      Duration requestTimeout) {
    private static final DataSize MIN_MESSAGE = DataSize.ofKilobytes(192);
    private static final DataSize MAX_MESSAGE = DataSize.ofMegabytes(16);
    private static final DataSize MIN_RETRANSMIT = DataSize.ofMegabytes(1);
    private static final DataSize MIN_BUFFER = DataSize.ofKilobytes(128);

    public Limits {
      atLeastOne("MAX_CALLS", maxCalls);
      atLeastOne("MAX_CALLS_PER_TENANT", maxCallsPerTenant);
      require(
          callBuffer.compareTo(MIN_BUFFER) >= 0,
          "CALL_BUFFER must be at least 128KB, but is " + callBuffer.toKilobytes() + "KB");
      require(
          retransmitBytes.compareTo(MIN_RETRANSMIT) >= 0,
          "RETRANSMIT_BYTES must be at least 1MB, but is " + retransmitBytes.toKilobytes() + "KB");
      atLeastOne("ACK_INTERVAL", ackInterval);
      positive("RESUME_WINDOW", resumeWindow);
      positive("START_TIMEOUT", startTimeout);
      positive("MEDIA_TIMEOUT", mediaTimeout);
      positive("PING_INTERVAL", pingInterval);
      positive("PONG_TIMEOUT", pongTimeout);
      positive("TRANSCRIPT_TIMEOUT", transcriptTimeout);
      positive("SESSION_TIMEOUT", sessionTimeout);
      require(
          maxMessage.compareTo(MIN_MESSAGE) >= 0 && maxMessage.compareTo(MAX_MESSAGE) <= 0,
          "MAX_MESSAGE must be from 192KB to 16MB, but is " + maxMessage.toKilobytes() + "KB");
      positive("INTAKE_BURST", intakeBurst);
      atLeastOne("INTAKE_SPEED", intakeSpeed);
      atLeastOne("DEAD_LETTER_MAX", deadLetterMax);
      atLeastOne("AUTH_FAILURES_PER_SECOND", authFailuresPerSecond);
      atLeastOne("REQUESTS_PER_SECOND", requestsPerSecond);
      require(
          !maxRequestBody.isNegative(),
          "MAX_REQUEST_BODY must not be negative, but is " + maxRequestBody);
      positive("REQUEST_TIMEOUT", requestTimeout);
    }
  }

  public IngestProperties {
    corsOrigins = List.copyOf(corsOrigins);
    corsOrigins.forEach(IngestProperties::checkOrigin);
    trustedProxies = List.copyOf(trustedProxies);
    List<String> proxies = trustedProxies;
    prefixErrors("TRUSTED_PROXIES", () -> proxies.forEach(AddressRange::parse));
    prefixErrors(
        "CLIENT_IP_HEADER", () -> TrustedProxies.checkHeader(clientIpHeader, !proxies.isEmpty()));
    require(
        publicUrl.isEmpty() || publicUrl.matches("(https?|wss?)://[^/@?#]+(/[^?#]*)?"),
        "PUBLIC_URL must be https://host or https://host/path");
    require(
        jwt.areSet() || exotel.supported(),
        "JWT_PUBLIC_KEY, JWT_JWKS_URL or AUTH0_DOMAIN must be set, or SUPPORT_EXOTEL must be true:"
            + " otherwise no caller can authenticate");
    require(
        !drainTimeout.isNegative(),
        "DRAIN_TIMEOUT must not be negative, but is " + drainTimeout.toMillis() + "ms");
  }

  private static void checkOrigin(String origin) {
    require(
        origin.matches("https?://[^/@?#*]+"),
        "CORS_ORIGINS must list origins such as https://desk.example.com, without path or"
            + " wildcard, but has "
            + origin);
  }

  private static void atLeastOne(String setting, int value) {
    require(value >= 1, setting + " must be at least 1, but is " + value);
  }

  private static void positive(String setting, Duration value) {
    require(
        value.isPositive(), setting + " must be longer than 0, but is " + value.toMillis() + "ms");
  }

  private static void require(boolean condition, String sentence) {
    if (!condition) {
      throw new IllegalArgumentException(sentence);
    }
  }

  /// Runs a check and puts the setting's name before its error message.
  private static void prefixErrors(String setting, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(setting + " " + e.getMessage(), e);
    }
  }
}
