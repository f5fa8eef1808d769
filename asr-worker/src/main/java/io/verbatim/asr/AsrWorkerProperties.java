package io.verbatim.asr;

import io.verbatim.asr.deepgram.DeepgramQuery;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.service.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// What an operator can set; the defaults and the names of the environment variables are in
/// `application.yml`.
///
/// An invalid value is refused with one sentence that names the environment variable.
///
/// @param transport how the event loop talks to the kernel
/// @param replaySpeed how fast a backlog is sent, in times real time
/// @param drainTimeout how long handing the calls over may take when the worker stops
/// @param managementPort where metrics are served; negative: nowhere
@ConfigurationProperties("verbatim")
public record AsrWorkerProperties(
    Adapter pubsubAdapter,
    Redis redis,
    Deepgram deepgram,
    Transport.Choice transport,
    double replaySpeed,
    Duration drainTimeout,
    int managementPort,
    Limits limits) {

  /// Where the bus is.
  public enum Adapter {
    REDIS_STREAMS,
    /// Only where all services run in one process.
    IN_MEMORY
  }

  /// Where Redis is, and its limits.
  ///
  /// @param lease how long this worker may be silent before other workers claim its calls
  public record Redis(
      String url,
      String keyPrefix,
      Duration lease,
      Duration transcriptRetention,
      int clientsWarn,
      int clientsCritical) {
    public Redis {
      RedisSettings.check(url, keyPrefix);
      if (lease.compareTo(Duration.ofMillis(200)) < 0) {
        throw new IllegalArgumentException(
            "LEASE must be at least 200ms, but is " + lease.toMillis() + "ms");
      }
      positive("TRANSCRIPT_RETENTION", transcriptRetention);
      atLeastOne("REDIS_CLIENTS_WARN", clientsWarn);
      atLeastOne("REDIS_CLIENTS_CRITICAL", clientsCritical);
    }

    /// Without the URL, which may carry a password.
    @Override
    public String toString() {
      return "Redis[***, lease " + lease + "]";
    }
  }

  /// Where Deepgram is, and the parameters of a session.
  ///
  /// @param apiKey never printed
  /// @param language used where a call asks for none, or for one that is not offered
  /// @param languages those offered
  /// @param options further query parameters, as written
  public record Deepgram(
      URI url,
      String apiKey,
      String model,
      String language,
      Set<String> languages,
      String options) {
    private static final Pattern HALF_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    public Deepgram {
      if (apiKey.isBlank()) {
        throw new IllegalArgumentException(
            "DEEPGRAM_API_KEY must be set: without it no call can be heard");
      }
      if (!Set.of("ws", "wss").contains(String.valueOf(url.getScheme())) || url.getHost() == null) {
        throw new IllegalArgumentException(
            "DEEPGRAM_URL must be wss://host or ws://host:port, but is \"" + shown(url) + "\"");
      }
      notBlank("DEEPGRAM_MODEL", model);
      notBlank("DEEPGRAM_LANGUAGE", language);
      Set<String> notAllowed = DeepgramQuery.notAllowedIn(options);
      if (!notAllowed.isEmpty()) {
        throw new IllegalArgumentException(
            "DEEPGRAM_OPTIONS must not set "
                + String.join(", ", notAllowed.stream().sorted().toList())
                + ": the worker sets it itself");
      }
      if (!options.matches("[A-Za-z0-9._~:@!$'()*+,;=&%-]*")
          || HALF_ESCAPE.matcher(options).find()) {
        throw new IllegalArgumentException(
            "DEEPGRAM_OPTIONS must be query parameters as they stand in a URL, such as"
                + " keyterm=two%20words&numerals=true");
      }
      languages = Set.copyOf(languages);
    }

    /// A URL with a user has a password.
    private static String shown(URI url) {
      return url.getRawUserInfo() == null ? url.toString() : "***";
    }

    @Override
    public String toString() {
      return "Deepgram[" + shown(url) + ", ***, " + model + ", " + language + "]";
    }
  }

  /// The limits of this service.
  ///
  /// @param maxCalls beyond, calls are left for other workers
  /// @param maxStreams recogniser sessions at once; the provider counts them per project
  public record Limits(int maxCalls, int maxStreams, int deadLetterMax) {
    public Limits {
      atLeastOne("MAX_CALLS", maxCalls);
      atLeastOne("DEEPGRAM_MAX_STREAMS", maxStreams);
      atLeastOne("DEAD_LETTER_MAX", deadLetterMax);
    }
  }

  public AsrWorkerProperties {
    if (!(replaySpeed >= 1.1 && replaySpeed <= 100)) {
      throw new IllegalArgumentException(
          "REPLAY_SPEED must be 1.1 to 100 times real time, or nothing is ever caught up on, but is"
              + " "
              + replaySpeed);
    }
    positive("DRAIN_TIMEOUT", drainTimeout);
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

  private static void notBlank(String setting, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(setting + " must not be blank");
    }
  }
}
