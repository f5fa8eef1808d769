package io.verbatim.pubsub.redis;

import io.lettuce.core.SetArgs;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bell: Redis rings once, on the same connection, when a key changes that was read since it
/// last rang.
///
/// A bell carries no data: whoever hears it reads again, and that arms it again. It is not part of
/// any promise: everything is read once after each connect, and once a second besides. Where the
/// server refuses tracking, or accepts it and does not ring, everything that listens is polled
/// instead, faster while there is something to read.
final class Bells {
  private static final Logger log = LoggerFactory.getLogger(Bells.class);
  private static final Duration SAFETY_POLL = Duration.ofSeconds(1);
  private static final Duration PROOF = Duration.ofSeconds(1);
  private static final Duration PROOF_RETRY = Duration.ofMillis(200);
  private static final Duration FASTEST_POLL = Duration.ofMillis(5);
  private static final Duration SLOWEST_POLL = Duration.ofMillis(25);

  private final SharedRedisConnection redis;
  private final Map<String, Set<Runnable>> listeners = new HashMap<>();
  private boolean polling;
  private boolean proven;
  private int connects;
  private Duration pollInterval = SLOWEST_POLL;

  Bells(SharedRedisConnection redis) {
    this.redis = redis;
    redis.onConnected(this::enable);
    redis.onPush(this::pushed);
  }

  void start() {
    redis.every(SAFETY_POLL, this::ringAll);
  }

  /// On the bus's thread. The listener reads the key, now or soon: a bell that nobody armed does
  /// not ring.
  void listen(String key, Runnable listener) {
    listeners.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(listener);
  }

  void ignore(String key, Runnable listener) {
    Set<Runnable> ofKey = listeners.get(key);
    if (ofKey != null && ofKey.remove(listener) && ofKey.isEmpty()) {
      listeners.remove(key);
    }
  }

  /// Something was there to read: where there is no bell, the next poll comes sooner.
  void foundSomething() {
    pollInterval = FASTEST_POLL;
  }

  /// Tracking is a state of the connection and is gone after a reconnect, with everything it had
  /// armed.
  private void enable() {
    proven = false;
    int connect = ++connects;
    redis
        .send(commands -> commands.clientTracking(TrackingArgs.Builder.enabled()))
        .whenComplete((_, refusal) -> {
          if (refusal == null) {
            prove(connect);
          } else {
            poll("the server refuses CLIENT TRACKING");
          }
          ringAll();
        });
  }

  /// A server or proxy may accept tracking and never ring: a key of our own, read and then written,
  /// must. A server that still loads its data refuses the key, and is asked again.
  private void prove(int connect) {
    if (connect != connects) {
      return;
    }
    String probe = "verbatim:bell:" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    listen(
        probe,
        () -> {
          proven = true;
          polling = false;
        });
    redis.send(commands -> commands.get(probe));
    redis
        .send(commands -> commands.set(probe, new byte[] {1}, SetArgs.Builder.px(PROOF.toMillis())))
        .whenComplete((_, refusal) -> {
          if (refusal == null) {
            redis.schedule(() -> judge(probe, connect), PROOF);
          } else {
            listeners.remove(probe);
            redis.schedule(() -> prove(connect), PROOF_RETRY);
          }
        });
  }

  private void judge(String probe, int connect) {
    listeners.remove(probe);
    if (!proven && connect == connects) {
      poll("the server accepts CLIENT TRACKING but does not ring");
    }
  }

  private void poll(String reason) {
    if (!polling) {
      polling = true;
      log.warn("redis.polling reason=\"{}\"", reason);
      pollOnce();
    }
  }

  private void pollOnce() {
    if (polling) {
      ringAll();
      Duration wait = pollInterval;
      Duration slower = wait.multipliedBy(2);
      pollInterval = slower.compareTo(SLOWEST_POLL) > 0 ? SLOWEST_POLL : slower;
      redis.schedule(this::pollOnce, wait);
    }
  }

  private void ringAll() {
    for (String key : List.copyOf(listeners.keySet())) {
      if (!key.startsWith("verbatim:bell:")) {
        ring(key);
      }
    }
  }

  private void ring(String key) {
    Set<Runnable> ofKey = listeners.get(key);
    if (ofKey != null) {
      List.copyOf(ofKey).forEach(Runnable::run);
    }
  }

  private void pushed(PushMessage message) {
    if (!message.getType().equals("invalidate")) {
      return;
    }
    Object keys = message.getContent(StringCodec.UTF8::decodeKey).get(1);
    redis.execute(() -> {
      if (keys instanceof List<?> named) {
        named.forEach(key -> ring(String.valueOf(key)));
      } else {
        ringAll();
      }
    });
  }
}
