package io.verbatim.ingest;

import io.verbatim.ingest.auth.Secret;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.service.Tls;
import io.verbatim.service.Transport;
import io.verbatim.tokens.TokenSettings;
import io.verbatim.tokens.client.AddressRange;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/// What an operator can set; the defaults and the names of the environment stand in
/// `application.yml`.
///
/// A value that makes no sense is refused with one sentence that names the environment's setting.
/// An empty text is an unset one.
///
/// @param jwt how tokens are checked
/// @param publicUrl `https://host` under which callers reach this service
/// @param trustedProxies whose `X-Forwarded-*` headers are believed
/// @param drainTimeout how long live calls may go on when the service stops
/// @param managementPort where metrics are served; negative: nowhere
/// @param transport how the event loop talks to the kernel
@ConfigurationProperties("verbatim")
public record IngestProperties(
    Adapter pubsubAdapter,
    Redis redis,
    TokenSettings jwt,
    Exotel exotel,
    Tls tls,
    String publicUrl,
    List<String> trustedProxies,
    Duration drainTimeout,
    int managementPort,
    Transport.Choice transport,
    Limits limits) {

  /// Where the bus is.
  public enum Adapter {
    REDIS_STREAMS,
    /// Only where all services run in one process.
    IN_MEMORY
  }

  /// Whether Exotel has to prove itself.
  public enum ExotelAuth {
    REQUIRED,
    NONE
  }

  /// Where Redis is, and how long what is written there stays.
  ///
  /// @param audioRetentionBytes unread audio of all calls together, at most
  public record Redis(
      String url,
      String keyPrefix,
      Duration audioRetention,
      DataSize audioRetentionBytes,
      Duration transcriptRetention,
      int clientsWarn,
      int clientsCritical) {
    private static final DataSize LEAST_RETENTION = DataSize.ofMegabytes(1);

    public Redis {
      RedisSettings.check(url, keyPrefix);
      positive("AUDIO_RETENTION", audioRetention);
      require(
          audioRetentionBytes.compareTo(LEAST_RETENTION) >= 0,
          "AUDIO_RETENTION_BYTES must be at least 1MB, but is "
              + audioRetentionBytes.toKilobytes()
              + "KB");
      positive("TRANSCRIPT_RETENTION", transcriptRetention);
      atLeastOne("REDIS_CLIENTS_WARN", clientsWarn);
      atLeastOne("REDIS_CLIENTS_CRITICAL", clientsCritical);
    }

    /// Without the URL, which may carry a password.
    @Override
    public String toString() {
      return "Redis[***]";
    }
  }

  /// How Exotel proves itself.
  public record Exotel(
      boolean supported,
      ExotelAuth auth,
      String username,
      Secret password,
      Secret pathToken,
      List<String> allowedIps,
      Secret startToken) {
    public Exotel {
      allowedIps = List.copyOf(allowedIps);
      List<String> ranges = allowedIps;
      about("EXOTEL_ALLOWED_IPS", () -> ranges.forEach(AddressRange::parse));
      require(
          username.isEmpty() != password.isSet(),
          "EXOTEL_USERNAME and EXOTEL_PASSWORD must be set together");
      require(
          !supported
              || auth == ExotelAuth.NONE
              || password.isSet()
              || pathToken.isSet()
              || !ranges.isEmpty()
              || startToken.isSet(),
          "SUPPORT_EXOTEL is true, so EXOTEL_USERNAME with EXOTEL_PASSWORD, EXOTEL_PATH_TOKEN,"
              + " EXOTEL_ALLOWED_IPS or EXOTEL_START_TOKEN must be set (EXOTEL_AUTH=none lets"
              + " anybody in)");
    }
  }

  /// What bounds the service.
  ///
  /// @param maxCallsPerTenant of the calls, those of one tenant
  /// @param callBuffer audio of one call in memory, at most
  /// @param retransmitBytes of that, audio of all calls that the log has already
  /// @param resumeWindow how long a pcm call waits for its caller to come back
  /// @param startTimeout from the upgrade to a start
  /// @param mediaTimeout without media until the call is over
  /// @param pingInterval without any frame until we ping
  /// @param pongTimeout from our ping to any frame
  /// @param sessionTimeout from a socket's upgrade to the end of its call
  /// @param maxMessage of one message, fragments together
  /// @param intakeBurst audio a caller may send at once
  /// @param intakeSpeed how fast it may send in the long run, in times real time
  /// @param authFailuresPerSecond handshakes of one address without a sufficient proof
  /// @param requestsPerSecond by plain HTTP, of one address
  /// @param maxRequestBody of one request
  /// @param requestTimeout until a request's headers are whole, then until its body is, and between
  ///   two on one connection
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
      Duration sessionTimeout,
      DataSize maxMessage,
      Duration intakeBurst,
      int intakeSpeed,
      int deadLetterMax,
      int authFailuresPerSecond,
      int requestsPerSecond,
      DataSize maxRequestBody,
      Duration requestTimeout) {
    private static final DataSize LEAST_MESSAGE = DataSize.ofKilobytes(192);
    private static final DataSize MOST_MESSAGE = DataSize.ofMegabytes(16);
    private static final DataSize LEAST_RETRANSMIT = DataSize.ofMegabytes(1);
    private static final DataSize LEAST_BUFFER = DataSize.ofKilobytes(128);

    public Limits {
      atLeastOne("MAX_CALLS", maxCalls);
      atLeastOne("MAX_CALLS_PER_TENANT", maxCallsPerTenant);
      require(
          callBuffer.compareTo(LEAST_BUFFER) >= 0,
          "CALL_BUFFER must be at least 128KB, but is " + callBuffer.toKilobytes() + "KB");
      require(
          retransmitBytes.compareTo(LEAST_RETRANSMIT) >= 0,
          "RETRANSMIT_BYTES must be at least 1MB, but is " + retransmitBytes.toKilobytes() + "KB");
      atLeastOne("ACK_INTERVAL", ackInterval);
      positive("RESUME_WINDOW", resumeWindow);
      positive("START_TIMEOUT", startTimeout);
      positive("MEDIA_TIMEOUT", mediaTimeout);
      positive("PING_INTERVAL", pingInterval);
      positive("PONG_TIMEOUT", pongTimeout);
      positive("SESSION_TIMEOUT", sessionTimeout);
      require(
          maxMessage.compareTo(LEAST_MESSAGE) >= 0 && maxMessage.compareTo(MOST_MESSAGE) <= 0,
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
    trustedProxies = List.copyOf(trustedProxies);
    List<String> proxies = trustedProxies;
    about("TRUSTED_PROXIES", () -> proxies.forEach(AddressRange::parse));
    require(
        publicUrl.isEmpty() || publicUrl.matches("(https?|wss?)://[^/@?#]+(/[^?#]*)?"),
        "PUBLIC_URL must be https://host, perhaps with a path");
    require(
        jwt.areSet() || exotel.supported(),
        "JWT_PUBLIC_KEY (or JWT_JWKS_URL, or AUTH0_DOMAIN) must be set, or SUPPORT_EXOTEL be true:"
            + " else nobody could call in");
    require(!drainTimeout.isNegative(), "DRAIN_TIMEOUT must not be negative");
  }

  private static void atLeastOne(String setting, int value) {
    require(value >= 1, setting + " must be at least 1, but is " + value);
  }

  private static void positive(String setting, Duration value) {
    require(
        value.isPositive(), setting + " must be longer than 0, but is " + value.toMillis() + "ms");
  }

  private static void require(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(sentence);
    }
  }

  /// Checks a value whose fault does not know which setting it is in.
  private static void about(String setting, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(setting + " " + e.getMessage(), e);
    }
  }
}
