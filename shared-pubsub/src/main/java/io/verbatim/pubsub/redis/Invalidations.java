package io.verbatim.pubsub.redis;

import io.lettuce.core.SetArgs;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notifications that a key has changed (`CLIENT TRACKING`): after a tracked read of the key, Redis
/// sends one invalidation when the key changes, on the same connection.
///
/// An invalidation carries no data: its listener reads again, which arms it again. No guarantee
/// depends on it: after each connect, and once a second, every listener is notified. If the server
/// refuses tracking, or accepts it and sends nothing, all listeners are notified at short intervals
/// instead, which are shorter while reads find data. Confined to the event loop.
final class Invalidations {
  private static final Logger logger = LoggerFactory.getLogger(Invalidations.class);
  private static final Duration SLOW_POLL = Duration.ofSeconds(1);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration PROBE_RETRY = Duration.ofSeconds(1);
  private static final Duration MIN_POLL = Duration.ofMillis(5);
  private static final Duration MAX_POLL = Duration.ofMillis(25);

  /// The most keys per poll: at most 20,000 reads a second on the connection.
  private static final int MAX_POLLED = 100;

  private static final byte[] CLIENT = Reply.bytes("CLIENT");
  private static final byte[] CACHING = Reply.bytes("CACHING");
  private static final byte[] YES = Reply.bytes("YES");

  private final RedisConnection redis;
  private final Map<String, Set<Runnable>> listeners = new HashMap<>();
  private volatile boolean polling;
  private boolean refused;
  private boolean probeAnswered;
  private int connects;
  private Duration pollInterval = MAX_POLL;
  private int nextPolled;

  Invalidations(RedisConnection redis) {
    this.redis = redis;
    redis.onConnected(this::enable);
    redis.onPush(this::pushed);
  }

  void start() {
    redis.execute(() -> redis.every(SLOW_POLL, this::notifyAllListeners));
  }

  /// Adds a listener. It reads the key, now or soon: only a tracked read arms the notification.
  void add(String key, Runnable listener) {
    listeners.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(listener);
  }

  void remove(String key, Runnable listener) {
    Set<Runnable> ofKey = listeners.get(key);
    if (ofKey != null && ofKey.remove(listener) && ofKey.isEmpty()) {
      listeners.remove(key);
    }
  }

  /// Whether the server sends notifications; if not, changes are polled. On any thread.
  boolean isTracking() {
    return !polling;
  }

  /// A read found data: without tracking, the next poll is sooner.
  void foundSomething() {
    pollInterval = MIN_POLL;
  }

  /// Enables tracking. It is a state of the connection, so a reconnect loses it with all armed
  /// keys.
  ///
  /// With OPTIN only reads after [#trackNextRead] are tracked. Otherwise each script would arm the
  /// keys that it reads and notify this connection of its own writes.
  private void enable() {
    probeAnswered = false;
    int connect = ++connects;
    redis
        .send(commands -> commands.clientTracking(TrackingArgs.Builder.enabled().optin()))
        .whenComplete((_, refusal) -> {
          refused = refusal != null;
          if (refusal == null) {
            probe(connect);
          } else {
            startPolling("the server refuses CLIENT TRACKING");
          }
          notifyAllListeners();
        });
  }

  /// Makes the next command on the connection arm the notification of the keys that it reads.
  void trackNextRead() {
    if (!refused) {
      redis.dispatch(
          new RedisCall<>(
              CommandType.CLIENT,
              new ReplyOutput<>(Function.identity()),
              (out, _) -> {
                out.array(3);
                out.bytes(CLIENT);
                out.bytes(CACHING);
                out.bytes(YES);
              }));
    }
  }

  /// Checks that invalidations arrive, because a server or proxy may accept tracking and send
  /// nothing. Reads and then writes a probe key, which must cause an invalidation. A server that is
  /// loading its data refuses the write, and is probed again.
  private void probe(int connect) {
    if (connect != connects) {
      return;
    }
    String key = redis.keys().probe(Long.toHexString(ThreadLocalRandom.current().nextLong()));
    add(
        key,
        () -> {
          probeAnswered = true;
          polling = false;
        });
    trackNextRead();
    redis.send(commands -> commands.get(key));
    redis
        .send(commands ->
            commands.set(key, new byte[] {1}, SetArgs.Builder.px(PROBE_TIMEOUT.toMillis())))
        .whenComplete((_, refusal) -> {
          if (refusal == null) {
            redis.schedule(() -> checkProbe(key, connect), PROBE_TIMEOUT);
          } else {
            listeners.remove(key);
            redis.schedule(() -> probe(connect), PROBE_RETRY);
          }
        });
  }

  private void checkProbe(String key, int connect) {
    listeners.remove(key);
    if (!probeAnswered && connect == connects) {
      startPolling("the server accepts CLIENT TRACKING and sends no invalidation");
    }
  }

  private void startPolling(String reason) {
    if (!polling) {
      polling = true;
      logger.warn("redis.polling reason=\"{}\"", reason);
      pollOnce();
    }
  }

  /// Polls a bounded number of keys: with many keys, each is polled less often.
  private void pollOnce() {
    if (polling) {
      List<String> keys = List.copyOf(listeners.keySet());
      for (int i = 0; i < Math.min(MAX_POLLED, keys.size()); i++) {
        notifyListeners(keys.get(Math.floorMod(nextPolled++, keys.size())));
      }
      Duration wait = pollInterval;
      Duration slower = wait.multipliedBy(2);
      pollInterval = slower.compareTo(MAX_POLL) > 0 ? MAX_POLL : slower;
      redis.schedule(this::pollOnce, wait);
    }
  }

  private void notifyAllListeners() {
    for (String key : List.copyOf(listeners.keySet())) {
      if (!redis.keys().isProbe(key)) {
        notifyListeners(key);
      }
    }
  }

  private void notifyListeners(String key) {
    Set<Runnable> ofKey = listeners.get(key);
    if (ofKey != null) {
      List.copyOf(ofKey).forEach(Runnable::run);
    }
  }

  private void pushed(PushMessage message) {
    if (!message.getType().equals("invalidate")) {
      return;
    }
    if (message.getContent(StringCodec.UTF8::decodeKey).get(1) instanceof List<?> keys) {
      keys.forEach(key -> notifyListeners(String.valueOf(key)));
    } else {
      notifyAllListeners(); // the server was flushed
    }
  }
}
