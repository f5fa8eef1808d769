package io.verbatim.pubsub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.contract.Answers;
import io.verbatim.pubsub.contract.Caller;
import io.verbatim.pubsub.contract.Owner;
import io.verbatim.pubsub.contract.Samples;
import io.verbatim.pubsub.contract.Worker;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Configurations of Redis: a user with few permissions, a database for two deployments, an
/// evicting policy, a server that refuses writes.
class RedisConfigurationsIT {
  /// The permissions that docs/redis.md lists.
  private static final String PERMISSIONS =
      "resetkeys resetchannels -@all ~audio_stream* ~transcript:* ~call:* ~calls ~dead_letters"
          + " ~api_keys ~verbatim:probe:* +hello +client -client|kill -client|pause +ping +info"
          + " +time +eval +evalsha +get +set +hget +hmget +hset +hgetall +hdel +hexists +hincrby"
          + " +del +exists +pttl +pexpire +xadd +xlen +xrange +xrevrange +xread +xreadgroup +xgroup"
          + " +xinfo|consumers +xautoclaim +xpending +xack +xdel +xtrim +zadd +zscore +zrem"
          + " +zrevrange +zremrangebyscore";

  private final RedisServer server = RedisServer.startOwn();
  private final List<Bus> buses = new ArrayList<>();

  private Bus connect(String url, String prefix) {
    Bus bus =
        RedisBus.open(
            new RedisSettings(
                url,
                prefix,
                "configurations",
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                50,
                1,
                2));
    buses.add(bus);
    Awaitility.await().until(() -> !(bus.health() instanceof BusHealth.Away));
    return bus;
  }

  @AfterEach
  void close() {
    buses.forEach(Bus::close);
    server.close();
  }

  /// Runs a whole call, with every operation of the three services.
  private void playCall(Bus bus) {
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(3_200);
    try (Worker worker = Worker.on(bus, 1);
        TranscriptReader reader =
            bus.transcripts().follow(Samples.mono("call-1").call(), TranscriptLog.START)) {
      Owner owner = worker.awaitGrant();
      owner.setInterim(Samples.speech("s1", 0, "hel"));
      assertThat(owner.appendFinal(0, 1_600, "hello")).isInstanceOf(WriteResult.Written.class);
      owner.appendGap(1_600, 2_000, "log_lost");
      while (Answers.of(reader.next()).entries().isEmpty()) {}
      caller.end(3_200, "stop");
      assertThat(owner.end(3_200)).isInstanceOf(WriteResult.Written.class);
      worker.release(owner);
      worker.handOver();
    }
    assertThat(Answers.of(bus.calls().newest(10))).hasSize(1);
    assertThat(Answers.of(bus.deadLetters().list())).isEmpty();
  }

  @Test
  void documentedPermissions_areSufficient() {
    List<String> rules = new ArrayList<>(List.of("SETUSER", "verbatim", "on", ">secret"));
    rules.addAll(List.of(PERMISSIONS.split(" ")));
    CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
    rules.forEach(arguments::add);
    server.commands().dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments);

    Bus bus = connect(server.url().replace("redis://", "redis://verbatim:secret@"), "");
    playCall(bus);

    assertThat(server.commands().aclLog()).isEmpty();
  }

  @Test
  void differentPrefixes_shareOneDatabase() {
    Bus first = connect(server.url(), "first:");
    Bus second = connect(server.url(), "second:");

    playCall(first);
    playCall(second);

    assertThat(server.commands().keys("*"))
        .isNotEmpty()
        .allMatch(key -> key.startsWith("first:") || key.startsWith("second:"))
        .anyMatch(key -> key.startsWith("first:transcript:{call-1}"))
        .anyMatch(key -> key.startsWith("second:transcript:{call-1}"));
    assertThat(
            server
                .commands()
                .xrange("second:transcript:{call-1}", Range.unbounded(), Limit.unlimited()))
        .hasSize(4);
  }

  @Test
  void evictingPolicy_isReported() {
    server.commands().configSet("maxmemory-policy", "allkeys-lru");

    Bus bus = connect(server.url(), "");

    Awaitility.await()
        .untilAsserted(() ->
            assertThat(bus.health())
                .isEqualTo(
                    new BusHealth.Degraded(
                        "redis: maxmemory-policy is allkeys-lru, must be noeviction")));
  }

  @Test
  void refusedWrites_areReportedUntilAccepted() {
    Bus bus = connect(server.url(), "");
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);
    server.commands().configSet("min-replicas-to-write", "1");

    Awaitility.await()
        .until(() -> {
          bus.audio().heartbeat(Samples.mono("call-1").call(), "writer-of-call-1");
          return bus.health() instanceof BusHealth.Away away
              && away.problem().equals("redis: refuses commands: NOREPLICAS");
        });
    server.commands().configSet("min-replicas-to-write", "0");

    Awaitility.await().until(() -> bus.health() instanceof BusHealth.Connected);
    caller.store(320);
  }
}
