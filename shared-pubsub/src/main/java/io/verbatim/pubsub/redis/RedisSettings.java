package io.verbatim.pubsub.redis;

import io.lettuce.core.RedisURI;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/// The Redis settings of a service.
///
/// @param url `redis://`, `rediss://` or `redis-sentinel://`, with credentials if needed; never
///   logged
/// @param keyPrefix the prefix of every key: up to 64 letters, digits, `_`, `.`, `-` and `:`; may
///   be empty
/// @param clientName the service's name, which the server shows for the connection
/// @param audioRetention how long unread audio is kept
/// @param transcriptRetention how long a finished call's transcript is kept
/// @param lease how long a worker may be silent before other workers claim its calls
/// @param deadLetterMax how many dead letters are kept
/// @param clientsWarn the number of connections of all clients from which a warning is logged
/// @param clientsCritical the number of connections of all clients from which an error is logged
public record RedisSettings(
    String url,
    String keyPrefix,
    String clientName,
    Duration audioRetention,
    Duration transcriptRetention,
    Duration lease,
    int deadLetterMax,
    int clientsWarn,
    int clientsCritical) {
  private static final String URL_FORMS =
      "redis://host:port, rediss://host:port or redis-sentinel://host:port,host:port/0#master, with"
          + " user:password@ before the host where needed";

  private static final String KEY_PREFIX_FORM = "at most 64 letters, digits, '_', '.', '-' or ':'";

  private static final Pattern KEY_PREFIX = Pattern.compile("[A-Za-z0-9_.:-]{0,64}");
  private static final Duration LIVE_EXPIRY = Duration.ofHours(1);

  public RedisSettings {
    check(url, keyPrefix);
  }

  /// Checks the Redis settings that every service has.
  ///
  /// @param url the value of `REDIS_URL`
  /// @param keyPrefix the value of `REDIS_KEY_PREFIX`
  /// @throws IllegalArgumentException with one sentence that names the setting
  public static void check(String url, String keyPrefix) {
    if (!isRedisUrl(url)) {
      throw new IllegalArgumentException("REDIS_URL must be " + URL_FORMS);
    }
    if (!isKeyPrefix(keyPrefix)) {
      throw new IllegalArgumentException("REDIS_KEY_PREFIX must be " + KEY_PREFIX_FORM);
    }
  }

  private static boolean isRedisUrl(String url) {
    try {
      if (url.startsWith("redis-sentinel://")) {
        RedisURI uri = RedisURI.create(url);
        return uri.getSentinelMasterId() != null && !uri.getSentinels().isEmpty();
      }
      URI uri = URI.create(url);
      return ("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
          && uri.getHost() != null;
    } catch (IllegalArgumentException notAUri) {
      return false;
    }
  }

  /// Whether the text is a valid prefix. A brace is not, because it would change a key's slot.
  private static boolean isKeyPrefix(String text) {
    return KEY_PREFIX.matcher(text).matches();
  }

  /// The expiry of a live call's keys, which its writer renews: long enough for an outage of the
  /// writer, and at least that of a finished call.
  Duration liveExpiry() {
    return transcriptRetention.compareTo(LIVE_EXPIRY) > 0 ? transcriptRetention : LIVE_EXPIRY;
  }

  /// @param timeout of the handshake of a new connection
  RedisURI uri(Duration timeout) {
    RedisURI uri = RedisURI.create(url);
    uri.setTimeout(timeout);
    uri.setClientName(clientName);
    return uri;
  }

  /// Omits the URL, which may contain a password.
  @Override
  public String toString() {
    return "RedisSettings[" + clientName + ", lease " + lease + "]";
  }
}
