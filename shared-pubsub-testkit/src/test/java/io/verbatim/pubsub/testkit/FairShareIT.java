package io.verbatim.pubsub.testkit;

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
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
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

/// What a worker's share of the calls is, and that it leaves the others' to them for a moment.
@ExtendWith(RedisExtension.class)
class FairShareIT {
  private static final String ANNOUNCEMENTS = "audio_stream";
  private static final String GROUP = "asr-workers";
  private static final Duration LEASE = Duration.ofSeconds(1);

  /// So long that nobody looks dead in a test.
  private static final Duration LONG_LEASE = Duration.ofMinutes(5);

  /// How long a new call and an orphan are left to those whose share they are.
  private static final Duration NEW_CALL_WAITS = Duration.ofMillis(100);

  private static final Duration ORPHAN_WAITS = Duration.ofMillis(500);

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

  private void announces(int calls) {
    for (int i = 0; i < calls; i++) {
      redis().xadd(ANNOUNCEMENTS, Map.of("call", "call-" + i));
    }
  }

  /// A worker that shows a sign of life, and takes so many of the calls nobody has had yet.
  @SuppressWarnings("unchecked") // One offset, made into an array that nobody keeps.
  private void takes(String worker, int calls) {
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

  /// A claim that was delayed on its way, as by a server that stalled.
  @Test
  void claimBehindItsDeadline_claimsNothing() throws IOException {
    announces(3);
    takes("silent", 3);
    long now = Long.parseLong(redis().time().getFirst()) * 1000;

    assertThat(run("claim_silent.lua", GROUP, "eager", "0", "0-0", "4", String.valueOf(now - 1)))
        .containsExactly("late");
    assertThat(redis().xpending(ANNOUNCEMENTS, GROUP).getConsumerMessageCount())
        .containsOnlyKeys("silent");

    assertThat(
            run("claim_silent.lua", GROUP, "eager", "0", "0-0", "4", String.valueOf(now + 60_000)))
        .startsWith("claimed");
    assertThat(redis().xpending(ANNOUNCEMENTS, GROUP).getConsumerMessageCount())
        .containsOnlyKeys("eager");
  }

  @Test
  void threeIdleWorkers_haveAThirdEach() throws IOException {
    announces(60);
    takes("first", 0);
    takes("second", 0);
    takes("third", 0);

    assertThat(share("first", LONG_LEASE)).isEqualTo(20);
    assertThat(share("second", LONG_LEASE)).isEqualTo(20);
    assertThat(share("third", LONG_LEASE)).isEqualTo(20);
  }

  @Test
  void share_isLessByTheCallsAWorkerHas_andNothingWhereItHasMore() throws IOException {
    announces(12);
    takes("busy", 5);
    takes("busier", 7);
    takes("idle", 0);

    assertThat(share("busy", LONG_LEASE)).isEqualTo(-1);
    assertThat(share("busier", LONG_LEASE)).isEqualTo(-3);
    assertThat(share("idle", LONG_LEASE)).isEqualTo(4);
  }

  @Test
  void share_isRoundedUp_soThatNoCallIsNobodys() throws IOException {
    announces(7);
    takes("first", 0);
    takes("second", 0);
    takes("third", 0);

    assertThat(share("first", LONG_LEASE)).isEqualTo(3);
  }

  @Test
  void workerThatHasNotAskedForAnythingYet_countsToo() throws IOException {
    announces(8);
    takes("first", 0);

    assertThat(share("new", LONG_LEASE)).isEqualTo(4);
  }

  @Test
  void worker_hasEverythingToItself_whereNobodyElseLives() throws IOException {
    announces(24);
    takes("silent", 20);
    takes("idle", 0);

    assertThat(share("living", Duration.ZERO)).isEqualTo(24);
    assertThat(share("silent", Duration.ZERO)).isEqualTo(4);
  }

  @Test
  void worker_takesItsShareOfTheNewCallsAtOnce_andWhatAFullOneLeavesOnlyLater() {
    fullWorker(LONG_LEASE);
    Bus bus = bus(LONG_LEASE);
    for (int i = 0; i < 6; i++) {
      Caller.opens(bus, Samples.mono("call-" + i));
    }

    GrantTimes grants = worker(bus);

    Awaitility.await().until(() -> grants.count() == 6);
    assertThat(grants.between(3, 4)).isGreaterThanOrEqualTo(NEW_CALL_WAITS);
  }

  @Test
  void worker_takesItsShareOfTheOrphans_andWhatAFullOneLeavesOnlyLater() {
    Bus bus = bus(LEASE);
    for (int i = 0; i < 6; i++) {
      Caller.opens(bus, Samples.mono("call-" + i));
    }
    long silentSinceNanos = System.nanoTime();
    takes("silent", 6);
    fullWorker(LEASE);

    GrantTimes grants = worker(bus);

    Awaitility.await().until(() -> grants.count() == 6);
    assertThat(grants.since(silentSinceNanos, 1)).isGreaterThanOrEqualTo(LEASE);
    assertThat(grants.since(silentSinceNanos, 4)).isGreaterThanOrEqualTo(LEASE.plus(ORPHAN_WAITS));
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

  /// One that lives and has room for nothing.
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

  /// When each call was given, from the first on.
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
