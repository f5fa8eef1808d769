package io.verbatim.pubsub.testkit;

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
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The ways in which people run Redis: with a user of few permissions, with a database for two
/// deployments, with a policy that evicts, with a disk that is full.
class RedisUsesIT {
  /// As docs/redis.md lists them.
  private static final String PERMISSIONS =
      "resetkeys resetchannels -@all ~audio_stream* ~transcript:* ~call:* ~calls ~dead_letters"
          + " ~verbatim:probe:* +hello +client -client|kill -client|pause +ping +info +time +eval"
          + " +evalsha +get +set +hget +hmget"
          + " +hset +hgetall +hdel +hexists +hincrby +del +exists +pttl +pexpire +xadd +xlen +xrange"
          + " +xrevrange +xread +xreadgroup +xgroup +xinfo|consumers +xautoclaim +xpending +xack"
          + " +xdel +xtrim +zadd +zscore +zrevrange +zremrangebyscore";

  private final RedisServer server = RedisServer.startOwn();
  private final List<Bus> buses = new ArrayList<>();

  private Bus connect(String url, String prefix) {
    Bus bus =
        RedisBus.open(
            new RedisSettings(
                url,
                prefix,
                "uses",
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

  /// A whole call, with everything the three services do.
  private void playCall(Bus bus) {
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(3_200);
    try (Worker worker = Worker.on(bus, 1);
        TranscriptReader reader =
            bus.transcripts().follow(Samples.mono("call-1").call(), TranscriptLog.START)) {
      Owner owner = worker.takes();
      owner.interim(Samples.speech("s1", 0, "hel"));
      assertThat(owner.says(0, 1_600, "hello")).isInstanceOf(WriteResult.Written.class);
      owner.gap(1_600, 2_000, "log_lost");
      while (Answers.of(reader.next()).entries().isEmpty()) {}
      caller.end(3_200, "stop");
      assertThat(owner.ends(3_200)).isInstanceOf(WriteResult.Written.class);
      worker.release(owner);
      worker.handsOver();
    }
    assertThat(Answers.of(bus.calls().newest(10))).hasSize(1);
    assertThat(Answers.of(bus.deadLetters().list())).isEmpty();
  }

  @Test
  void userWithTheDocumentedPermissions_isEnough() {
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
  void twoDeploymentsWithDifferentPrefixes_shareADatabase() {
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
  void policyThatEvicts_isReportedUntilItIsChanged() {
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
  void serverThatRefusesWrites_isReported_andUsedAgainOnceItAcceptsThem() {
    Bus bus = connect(server.url(), "");
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320);
    server.commands().configSet("min-replicas-to-write", "1");

    Awaitility.await()
        .until(() -> {
          bus.audio().heartbeat(Samples.mono("call-1").call(), "writer-of-call-1");
          return bus.health() instanceof BusHealth.Away away
              && away.problem().equals("redis: refuses commands: NOREPLICAS");
        });
    server.commands().configSet("min-replicas-to-write", "0");

    Awaitility.await().until(() -> bus.health() instanceof BusHealth.Connected);
    caller.says(320);
  }
}
