package io.verbatim.pubsub.redis;

import io.lettuce.core.RedisURI;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/// What a service chooses about its Redis.
///
/// @param url `redis://`, `rediss://` or `redis-sentinel://`, with credentials where needed; never
///   logged
/// @param keyPrefix what every key begins with; empty, or of letters, digits and `_`, `.`, `-`, `:`
/// @param clientName the name the server shows for the connection: the service's
/// @param audioRetention how long unread audio is kept
/// @param transcriptRetention how long a finished call's transcript is kept
/// @param lease how long a worker may be silent before its calls are given to others
/// @param deadLetterMax how many unreadable entries are kept
/// @param clientsWarn from this many connections of all clients on, the server's operators are
///   warned
/// @param clientsCritical from this many on, a person must look
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

  /// Checks the settings that every service has for its Redis.
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

  /// Whether keys can begin with the text: a brace would change a key's slot.
  private static boolean isKeyPrefix(String text) {
    return KEY_PREFIX.matcher(text).matches();
  }

  /// When the keys of a live call expire unless its writer renews them: late enough that no outage
  /// of its does it, and never before a finished call's.
  Duration liveExpiry() {
    return transcriptRetention.compareTo(LIVE_EXPIRY) > 0 ? transcriptRetention : LIVE_EXPIRY;
  }

  /// @param timeout for the handshake of a new connection
  RedisURI uri(Duration timeout) {
    RedisURI uri = RedisURI.create(url);
    uri.setTimeout(timeout);
    uri.setClientName(clientName);
    return uri;
  }

  /// Everything but the URL, which may carry a password.
  @Override
  public String toString() {
    return "RedisSettings[" + clientName + ", lease " + lease + "]";
  }
}
