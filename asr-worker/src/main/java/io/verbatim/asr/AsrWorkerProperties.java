package io.verbatim.asr;

import io.verbatim.asr.deepgram.DeepgramQuery;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.service.Secret;
import io.verbatim.service.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// The worker's settings. `application.yml` has their defaults and environment variables.
///
/// An invalid value is refused with one sentence that names the environment variable.
///
/// @param transport the system calls that the event loop uses
/// @param replaySpeed how fast a backlog is sent, in times real time
/// @param drainTimeout limit for the hand-over of the calls when the worker stops
/// @param managementPort port of the metrics; negative: none
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

  /// The implementation of the bus.
  public enum Adapter {
    REDIS_STREAMS,
    /// Only if all services run in one process.
    IN_MEMORY
  }

  /// The connection to Redis, and its limits.
  ///
  /// @param url may contain a password
  /// @param lease how long this worker may be silent before other workers claim its calls
  public record Redis(
      Secret url,
      String keyPrefix,
      Duration lease,
      Duration transcriptRetention,
      int clientsWarn,
      int clientsCritical) {
    public Redis {
      RedisSettings.check(url.value(), keyPrefix);
      if (lease.compareTo(Duration.ofMillis(200)) < 0) {
        throw new IllegalArgumentException(
            "LEASE must be at least 200ms, but is " + lease.toMillis() + "ms");
      }
      positive("TRANSCRIPT_RETENTION", transcriptRetention);
      atLeastOne("REDIS_CLIENTS_WARN", clientsWarn);
      atLeastOne("REDIS_CLIENTS_CRITICAL", clientsCritical);
    }
  }

  /// Deepgram's address, and the parameters of a session.
  ///
  /// @param language used if a call requests none, or one that is not offered
  /// @param languages the languages a call may request
  /// @param options further query parameters, as written
  public record Deepgram(
      URI url,
      Secret apiKey,
      String model,
      String language,
      Set<String> languages,
      String options) {
    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9._:/-]{1,100}");
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9-]{2,20}");
    private static final Pattern INCOMPLETE_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    public Deepgram {
      if (apiKey.value().isBlank()) {
        throw new IllegalArgumentException(
            "DEEPGRAM_API_KEY must be set: without it no call can be transcribed");
      }
      if (!Set.of("ws", "wss").contains(String.valueOf(url.getScheme())) || url.getHost() == null) {
        throw new IllegalArgumentException(
            "DEEPGRAM_URL must be wss://host or ws://host:port, but is \"" + redacted(url) + "\"");
      }
      matches("DEEPGRAM_MODEL", model, MODEL, "a model's name such as nova-3");
      matches("DEEPGRAM_LANGUAGE", language, LANGUAGE, "a language code such as en or pt-BR");
      languages.forEach(code ->
          matches("DEEPGRAM_LANGUAGES", code, LANGUAGE, "language codes such as multi,en,pt-BR"));
      Set<String> notAllowed = DeepgramQuery.notAllowedIn(options);
      if (!notAllowed.isEmpty()) {
        throw new IllegalArgumentException(
            "DEEPGRAM_OPTIONS must not set "
                + String.join(", ", notAllowed.stream().sorted().toList())
                + ": the worker sets it itself");
      }
      if (!options.matches("[A-Za-z0-9._~:@!$'()*+,;=&%-]*")
          || INCOMPLETE_ESCAPE.matcher(options).find()) {
        throw new IllegalArgumentException(
            "DEEPGRAM_OPTIONS must be URL-encoded query parameters, such as"
                + " keyterm=two%20words&numerals=true");
      }
      languages = Set.copyOf(languages);
    }

    /// Hides a URL with user information, which may include a password.
    private static String redacted(URI url) {
      return url.getRawUserInfo() == null ? url.toString() : "***";
    }

    @Override
    public String toString() {
      return "Deepgram[" + redacted(url) + ", " + apiKey + ", " + model + ", " + language + "]";
    }
  }

  /// The limits of this service.
  ///
  /// @param maxCalls calls owned at once; other workers claim further ones
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
          "REPLAY_SPEED must be 1.1 to 100 times real time, so that a backlog shrinks, but is "
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
          setting + " must be longer than 0ms, but is " + value.toMillis() + "ms");
    }
  }

  private static void matches(String setting, String value, Pattern allowed, String form) {
    if (!allowed.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s must be %s, but is \"%s\"".formatted(setting, form, value));
    }
  }
}
