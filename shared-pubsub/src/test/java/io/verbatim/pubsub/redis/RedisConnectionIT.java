package io.verbatim.pubsub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KillArgs;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.contract.Answers;
import io.verbatim.pubsub.contract.Caller;
import io.verbatim.pubsub.contract.Owner;
import io.verbatim.pubsub.contract.Samples;
import io.verbatim.pubsub.contract.Worker;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.testkit.network.TcpRoute;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The one connection survives a cut, a Redis that restarts empty or is not yet up, and a server
/// without invalidations.
@ExtendWith(RedisExtension.class)
class RedisConnectionIT {
  private static final String NAME = "survivor";
  private static final Duration LONG_LEASE = Duration.ofSeconds(2);

  /// A reply is late after half a lease. A renewal is sent at most a quarter of a lease after the
  /// pause starts.
  private static final Duration LATE = Duration.ofMillis(1700);

  private static final CallStart CALL = Samples.mono("call-1");

  private final RedisServer server;
  private Bus bus;

  RedisConnectionIT(RedisServer server) {
    this.server = server;
    this.bus = open(server.url());
  }

  private static Bus open(String url) {
    return open(url, Duration.ofMillis(500));
  }

  private static Bus open(String url, Duration lease) {
    return RedisBus.open(
        new RedisSettings(
            url, "", NAME, Duration.ofSeconds(60), Duration.ofHours(1), lease, 50, 1000, 2000));
  }

  @AfterEach
  void close() {
    bus.close();
  }

  private void awaitConnected() {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> bus.health() instanceof BusHealth.Connected);
  }

  private void cutConnection() {
    long before = connectionId();
    assertThat(server.commands().clientKill(KillArgs.Builder.id(before))).isEqualTo(1);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .ignoreExceptions()
        .until(() -> connectionId() != before);
    awaitConnected();
  }

  private long connectionId() {
    return server
        .commands()
        .clientList()
        .lines()
        .filter(line -> line.contains(" name=" + NAME + " "))
        .map(line -> line.substring("id=".length(), line.indexOf(' ')))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void manyReadersAndWriters_shareOneConnection() {
    awaitConnected();
    try (Worker worker = Worker.on(bus, 50)) {
      for (int i = 0; i < 50; i++) {
        CallStart start = Samples.mono("call-" + i);
        Caller.openNew(bus, start).store(320);
        Answers.of(bus.audio().read(start.call(), 0).next());
        Answers.of(bus.transcripts().follow(start.call(), "0-0").next());
      }
      Answers.of(bus.calls().follow(100).next());

      Awaitility.await().until(() -> worker.unpolled() == 50);
      assertThat(server.connections(NAME)).isEqualTo(1);
      assertThat(server.connectionsByName()).hasSize(1);
    }
  }

  @Test
  void waitingReaders_areAnsweredAfterReconnect() {
    awaitConnected();
    Caller caller = Caller.openNew(bus, CALL).store(320);
    Owner owner = Worker.on(bus, 1).awaitGrant();
    try (AudioReader audio = bus.audio().read(CALL.call(), 320);
        TranscriptReader transcript = bus.transcripts().follow(CALL.call(), "0-0")) {
      Answers.of(transcript.next());
      CompletionStage<AudioSlice> nextAudio = audio.next();
      CompletionStage<TranscriptChange> nextWords = transcript.next();

      cutConnection();
      caller.store(320);
      owner.appendFinal(0, 320, "hello");

      assertThat(Answers.of(nextAudio).entries())
          .extracting(AudioSlice.Entry::end)
          .containsExactly(640L);
      assertThat(Answers.of(nextWords).entries()).hasSize(1);
    }
  }

  @Test
  void reconnect_keepsOwnCalls() {
    awaitConnected();
    Caller.openNew(bus, CALL).store(320);
    try (Worker worker = Worker.on(bus, 1)) {
      Owner owner = worker.awaitGrant();

      cutConnection();

      Awaitility.await().untilAsserted(() -> owner.cover(0, 0, 320));
      assertThat(server.commands().hget("call:{call-1}", "epoch")).isEqualTo("1");
    }
  }

  @Test
  void reconnect_claimsNothingForOneLease() {
    reopen(LONG_LEASE);
    try (Worker waiting = waitForCallOfSilentWorker()) {
      long cutNanos = System.nanoTime();
      cutConnection();

      waiting.awaitGrant();

      assertThat(since(cutNanos)).isGreaterThanOrEqualTo(LONG_LEASE);
    }
  }

  @Test
  void lateReply_claimsNothingForOneLease() {
    reopen(LONG_LEASE);
    try (Worker waiting = waitForCallOfSilentWorker()) {
      long pausedNanos = System.nanoTime();
      server.pause();
      Awaitility.await().until(() -> since(pausedNanos).compareTo(LATE) > 0);
      long resumedNanos = System.nanoTime();
      server.resume();

      waiting.awaitGrant();

      assertThat(since(resumedNanos)).isGreaterThanOrEqualTo(LONG_LEASE);
    }
  }

  private void reopen(Duration lease) {
    bus.close();
    bus = open(server.url(), lease);
    awaitConnected();
  }

  /// Returns a worker that waits for the call of a silent worker, whose lease expires one lease
  /// from now.
  private Worker waitForCallOfSilentWorker() {
    Caller.openNew(bus, CALL).store(320);
    Worker silent = Worker.on(bus, 1);
    silent.awaitGrant();
    Worker waiting = Worker.on(bus, 1);
    silent.close();
    return waiting;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  @Test
  void newCallWithLongLease_isGrantedAtOnce() {
    awaitConnected();
    try (Bus withLongLease = open(server.url(), Duration.ofHours(1));
        Worker worker = Worker.on(withLongLease, 5)) {
      Caller.openNew(bus, CALL);

      assertThat(worker.awaitGrant().call()).isEqualTo(CALL.call());
    }
  }

  @Test
  void waitingCallWithLongLease_isGrantedAtOnce() {
    awaitConnected();
    Caller.openNew(bus, CALL);
    try (Bus withLongLease = open(server.url(), Duration.ofHours(1))) {
      Awaitility.await().until(() -> withLongLease.health() instanceof BusHealth.Connected);

      try (Worker worker = Worker.on(withLongLease, 1)) {
        assertThat(worker.awaitGrant().call()).isEqualTo(CALL.call());
      }
    }
  }

  @Test
  void flushedScripts_areSentAgain() {
    awaitConnected();
    Caller caller = Caller.openNew(bus, CALL).store(320);
    server.commands().scriptFlush();

    caller.store(320);
  }

  @Test
  void emptyRedisAfterRestart_callIsOpenedAgain() {
    try (RedisServer own = RedisServer.startOwn();
        Bus mine = open(own.url())) {
      Awaitility.await().until(() -> mine.health() instanceof BusHealth.Connected);
      Caller caller = Caller.openNew(mine, CALL).store(320);
      try (Worker worker = Worker.on(mine, 1)) {
        worker.awaitGrant();

        own.kill();
        Awaitility.await().until(() -> mine.health() instanceof BusHealth.Away);
        CompletionStage<WriteResult<AudioTail>> refused = mine.audio().append(caller.next(320));
        Awaitility.await().until(() -> refused.toCompletableFuture().isCompletedExceptionally());
        assertThat(refused.toCompletableFuture().exceptionNow())
            .satisfiesAnyOf(
                failure -> assertThat(failure).isInstanceOf(BusUnavailableException.class),
                failure ->
                    assertThat(failure)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(BusUnavailableException.class));
        own.restart();
        Awaitility.await().until(() -> mine.health() instanceof BusHealth.Connected);

        Awaitility.await()
            .ignoreExceptions()
            .untilAsserted(() ->
                assertThat(caller.append(caller.next(320))).isInstanceOf(WriteResult.Gone.class));
        assertThat(Answers.of(mine.audio().open(CALL, "writer-after-restart", true)))
            .isInstanceOf(Opening.Opened.class);
        assertThat(worker.awaitGrant().call()).isEqualTo(CALL.call());
      }
    }
  }

  @Test
  void silentConnection_isReplacedWithinSeconds() {
    try (TcpRoute route = TcpRoute.to(server.url());
        Bus mine = open(route.redisUrl())) {
      Awaitility.await().until(() -> mine.health() instanceof BusHealth.Connected);
      Caller caller = Caller.openNew(mine, CALL).store(320);

      route.freeze();
      long frozenNanos = System.nanoTime();
      CompletionStage<WriteResult<AudioTail>> unanswered = mine.audio().append(caller.next(320));

      Awaitility.await().until(() -> unanswered.toCompletableFuture().isCompletedExceptionally());
      Awaitility.await()
          .ignoreExceptions()
          .untilAsserted(() ->
              assertThat(caller.append(caller.next(320))).isInstanceOf(WriteResult.Written.class));
      assertThat(since(frozenNanos)).isLessThan(Duration.ofSeconds(6));
    }
  }

  @Test
  void tooManyUnansweredCommands_failWithThatReason() {
    try (TcpRoute route = TcpRoute.to(server.url());
        Bus mine = open(route.redisUrl())) {
      Awaitility.await().until(() -> mine.health() instanceof BusHealth.Connected);
      route.freeze();

      CompletionStage<?> last = mine.deadLetters().list();
      for (int i = 0; i < 10_000; i++) {
        last = mine.deadLetters().list();
      }

      assertThat(last)
          .failsWithin(Duration.ofSeconds(2))
          .withThrowableThat()
          .havingRootCause()
          .withMessageStartingWith("redis: too many unanswered commands: ");
    }
  }

  @Test
  void busOpenedBeforeRedis_connectsLater() {
    try (RedisServer own = RedisServer.startOwn()) {
      own.kill();
      try (Bus early = open(own.url())) {
        assertThat(early.health()).isInstanceOf(BusHealth.Away.class);
        own.restart();
        Awaitility.await().until(() -> early.health() instanceof BusHealth.Connected);
        Caller.openNew(early, CALL).store(320);
      }
    }
  }

  @Test
  void stats_countConnectionsAndHeartbeats() {
    awaitConnected();
    cutConnection();

    Awaitility.await().until(() -> bus.stats().roundTrips() > 0);

    assertThat(bus.stats().connections()).isEqualTo(2);
    assertThat(bus.stats().roundTripNanos()).isPositive();
  }

  @Test
  void refusedTracking_isReplacedByPolling() {
    server
        .commands()
        .dispatch(
            CommandType.ACL,
            new StatusOutput<>(StringCodec.UTF8),
            new CommandArgs<>(StringCodec.UTF8)
                .addValues(
                    List.of(
                        "SETUSER",
                        "poller",
                        "on",
                        ">pw",
                        "~*",
                        "&*",
                        "+@all",
                        "-client|tracking")));
    try (Bus polling = open(server.url().replace("redis://", "redis://poller:pw@"))) {
      Awaitility.await().until(() -> polling.health() instanceof BusHealth.Connected);
      Caller caller = Caller.openNew(polling, CALL);
      try (AudioReader reader = polling.audio().read(CALL.call(), 0)) {
        for (int frame = 1; frame <= 20; frame++) {
          CompletionStage<AudioSlice> next = reader.next();
          caller.store(320);
          assertThat(Answers.of(next).entries())
              .extracting(AudioSlice.Entry::end)
              .containsExactly(frame * 320L);
        }
      }
      assertThat(polling.stats().tracking()).isFalse();
      assertThat(bus.stats().tracking()).isTrue();
    } finally {
      server.commands().aclDeluser("poller");
    }
  }
}
