package io.verbatim.pubsub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Consumer;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.contract.Caller;
import io.verbatim.pubsub.contract.Samples;
import io.verbatim.pubsub.contract.Worker;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A worker claims its share of the calls at once, and leaves the other calls to other workers for
/// a short time.
@ExtendWith(RedisExtension.class)
class FairShareIT {
  private static final String ANNOUNCEMENTS = "audio_stream";
  private static final String GROUP = "asr-workers";
  private static final Duration LEASE = Duration.ofSeconds(1);

  /// Long enough that no worker is considered dead during a test.
  private static final Duration LONG_LEASE = Duration.ofMinutes(5);

  /// How long new calls and orphans beyond a worker's share are left to other workers.
  private static final Duration NEW_CALL_DELAY = Duration.ofMillis(100);

  private static final Duration ORPHAN_DELAY = Duration.ofMillis(500);

  private final RedisServer server;
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

  FairShareIT(RedisServer server) {
    this.server = server;
  }

  @BeforeEach
  void createGroup() {
    redis()
        .xgroupCreate(
            StreamOffset.from(ANNOUNCEMENTS, "0"), GROUP, XGroupCreateArgs.Builder.mkstream());
  }

  @AfterEach
  void close() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  private RedisCommands<String, String> redis() {
    return server.commands();
  }

  private void announce(int calls) {
    for (int i = 0; i < calls; i++) {
      redis().xadd(ANNOUNCEMENTS, Map.of("call", "call-" + i));
    }
  }

  /// Registers a worker in the group, which then reads this many new calls.
  @SuppressWarnings("unchecked") // The varargs array of one offset is not kept.
  private void registerWorker(String worker, int calls) {
    Consumer<String> consumer = Consumer.from(GROUP, worker);
    redis().xgroupCreateconsumer(ANNOUNCEMENTS, consumer);
    if (calls > 0) {
      assertThat(
              redis()
                  .xreadgroup(
                      consumer,
                      XReadArgs.Builder.count(calls),
                      StreamOffset.lastConsumed(ANNOUNCEMENTS)))
          .hasSize(calls);
    }
  }

  private long share(String worker, Duration lease) throws IOException {
    List<Object> answer =
        run(
            "share.lua",
            GROUP,
            worker,
            Long.toString(lease.toMillis()),
            Long.toString(Duration.ofHours(1).toMillis()));
    assertThat(answer).hasSize(3).startsWith("share");
    return Long.parseLong((String) answer.get(1));
  }

  private List<Object> run(String script, String... arguments) throws IOException {
    try (InputStream in = RedisBus.class.getResourceAsStream(script)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return redis().eval(text, ScriptOutputType.MULTI, new String[] {ANNOUNCEMENTS}, arguments);
    }
  }

  /// Simulates a claim that a stalled server delayed.
  @Test
  void claimAfterDeadline_claimsNothing() throws IOException {
    announce(3);
    registerWorker("silent", 3);
    long now = Long.parseLong(redis().time().getFirst()) * 1000;

    assertThat(run("claim_silent.lua", GROUP, "claiming", "0", "0-0", "4", String.valueOf(now - 1)))
        .containsExactly("late");
    assertThat(redis().xpending(ANNOUNCEMENTS, GROUP).getConsumerMessageCount())
        .containsOnlyKeys("silent");

    assertThat(
            run(
                "claim_silent.lua",
                GROUP,
                "claiming",
                "0",
                "0-0",
                "4",
                String.valueOf(now + 60_000)))
        .startsWith("claimed");
    assertThat(redis().xpending(ANNOUNCEMENTS, GROUP).getConsumerMessageCount())
        .containsOnlyKeys("claiming");
  }

  @Test
  void threeIdleWorkers_shareIsOneThirdEach() throws IOException {
    announce(60);
    registerWorker("first", 0);
    registerWorker("second", 0);
    registerWorker("third", 0);

    assertThat(share("first", LONG_LEASE)).isEqualTo(20);
    assertThat(share("second", LONG_LEASE)).isEqualTo(20);
    assertThat(share("third", LONG_LEASE)).isEqualTo(20);
  }

  @Test
  void share_isReducedByOwnCalls() throws IOException {
    announce(12);
    registerWorker("busy", 5);
    registerWorker("busier", 7);
    registerWorker("idle", 0);

    assertThat(share("busy", LONG_LEASE)).isEqualTo(-1);
    assertThat(share("busier", LONG_LEASE)).isEqualTo(-3);
    assertThat(share("idle", LONG_LEASE)).isEqualTo(4);
  }

  @Test
  void share_isRoundedUp() throws IOException {
    announce(7);
    registerWorker("first", 0);
    registerWorker("second", 0);
    registerWorker("third", 0);

    assertThat(share("first", LONG_LEASE)).isEqualTo(3);
  }

  @Test
  void unregisteredWorker_countsItself() throws IOException {
    announce(8);
    registerWorker("first", 0);

    assertThat(share("new", LONG_LEASE)).isEqualTo(4);
  }

  @Test
  void onlyLiveWorker_shareIsAllCalls() throws IOException {
    announce(24);
    registerWorker("silent", 20);
    registerWorker("idle", 0);

    assertThat(share("living", Duration.ZERO)).isEqualTo(24);
    assertThat(share("silent", Duration.ZERO)).isEqualTo(4);
  }

  @Test
  void newCalls_shareIsClaimedAtOnceAndRestLater() {
    fullWorker(LONG_LEASE);
    Bus bus = bus(LONG_LEASE);
    for (int i = 0; i < 6; i++) {
      Caller.openNew(bus, Samples.mono("call-" + i));
    }

    GrantTimes grants = worker(bus);

    Awaitility.await().until(() -> grants.count() == 6);
    assertThat(grants.between(3, 4)).isGreaterThanOrEqualTo(NEW_CALL_DELAY);
  }

  @Test
  void orphans_shareIsClaimedAfterLeaseAndRestLater() {
    Bus bus = bus(LEASE);
    for (int i = 0; i < 6; i++) {
      Caller.openNew(bus, Samples.mono("call-" + i));
    }
    long silentSinceNanos = System.nanoTime();
    registerWorker("silent", 6);
    fullWorker(LEASE);

    GrantTimes grants = worker(bus);

    Awaitility.await().until(() -> grants.count() == 6);
    assertThat(grants.since(silentSinceNanos, 1)).isGreaterThanOrEqualTo(LEASE);
    assertThat(grants.since(silentSinceNanos, 4)).isGreaterThanOrEqualTo(LEASE.plus(ORPHAN_DELAY));
  }

  private Bus bus(Duration lease) {
    RedisBus bus =
        RedisBus.open(
            new RedisSettings(
                server.url(),
                "",
                "shares",
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                lease,
                50,
                1000,
                2000));
    toClose.push(bus);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> bus.health() instanceof BusHealth.Connected);
    return bus;
  }

  /// Starts a live worker without permits.
  private void fullWorker(Duration lease) {
    int before = consumers();
    toClose.push(Worker.on(bus(lease), 0));
    Awaitility.await().until(() -> consumers() == before + 1);
  }

  private int consumers() {
    return redis().xinfoConsumers(ANNOUNCEMENTS, GROUP).size();
  }

  private GrantTimes worker(Bus bus) {
    GrantTimes grants = new GrantTimes();
    Leases leases = bus.leases().hold(100, grants);
    toClose.push(leases);
    return grants;
  }

  /// The time of each grant, in order.
  private static final class GrantTimes implements LeaseHolder {
    private final List<Long> nanos = new CopyOnWriteArrayList<>();

    @Override
    public void granted(Grant grant) {
      nanos.add(System.nanoTime());
    }

    @Override
    public void lost(CallId call) {}

    int count() {
      return nanos.size();
    }

    Duration between(int one, int later) {
      return since(nanos.get(one - 1), later);
    }

    Duration since(long startNanos, int nth) {
      return Duration.ofNanos(nanos.get(nth - 1) - startNanos);
    }
  }
}
