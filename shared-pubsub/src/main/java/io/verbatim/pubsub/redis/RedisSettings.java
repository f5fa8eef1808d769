package io.verbatim.pubsub.redis;

import io.lettuce.core.RedisURI;
import java.net.URI;
import java.time.Duration;

/// What a service chooses about its Redis.
///
/// @param url `redis://` or `rediss://`, with credentials where needed; never logged
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
    String clientName,
    Duration audioRetention,
    Duration transcriptRetention,
    Duration lease,
    int deadLetterMax,
    int clientsWarn,
    int clientsCritical) {
  private static final Duration LIVE_EXPIRY = Duration.ofHours(1);

  public RedisSettings {
    if (!isRedisUrl(url)) {
      throw new IllegalArgumentException(
          "a Redis URL is redis://host:port or rediss://host:port, with user:password@ before the host where needed");
    }
  }

  /// Whether the text is a URL this bus can connect to.
  public static boolean isRedisUrl(String url) {
    try {
      URI uri = URI.create(url);
      return ("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
          && uri.getHost() != null;
    } catch (IllegalArgumentException notAUri) {
      return false;
    }
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
