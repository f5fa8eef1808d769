package io.verbatim.pubsub.testkit;

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
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the one connection survives: being cut, a Redis that restarts empty or is not there yet, a
/// server without a bell.
@ExtendWith(RedisExtension.class)
class RedisConnectionIT {
  private static final String NAME = "survivor";
  private static final Duration LONG_LEASE = Duration.ofSeconds(2);

  /// Over half of it, for a renewal asked at the latest a quarter of it after the pause began.
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

  private void cutTheConnection() {
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
        Caller.opens(bus, start).says(320);
        Answers.of(bus.audio().read(start.call(), 0).next());
        Answers.of(bus.transcripts().follow(start.call(), "0-0").next());
      }
      Answers.of(bus.calls().follow(100).next());

      Awaitility.await().until(() -> worker.waiting() == 50);
      assertThat(server.connections(NAME)).isEqualTo(1);
      assertThat(server.connectionsByName()).hasSize(1);
    }
  }

  @Test
  void waitingReaders_areServedAfterTheConnectionWasCut() {
    awaitConnected();
    Caller caller = Caller.opens(bus, CALL).says(320);
    Owner owner = Worker.on(bus, 1).takes();
    try (AudioReader audio = bus.audio().read(CALL.call(), 320);
        TranscriptReader transcript = bus.transcripts().follow(CALL.call(), "0-0")) {
      Answers.of(transcript.next());
      CompletionStage<AudioSlice> nextAudio = audio.next();
      CompletionStage<TranscriptChange> nextWords = transcript.next();

      cutTheConnection();
      caller.says(320);
      owner.says(0, 320, "hello");

      assertThat(Answers.of(nextAudio).entries())
          .extracting(AudioSlice.Entry::end)
          .containsExactly(640L);
      assertThat(Answers.of(nextWords).entries()).hasSize(1);
    }
  }

  @Test
  void callOfAWorkerWhoseConnectionWasCut_staysItsOwn() {
    awaitConnected();
    Caller.opens(bus, CALL).says(320);
    try (Worker worker = Worker.on(bus, 1)) {
      Owner owner = worker.takes();

      cutTheConnection();

      Awaitility.await().untilAsserted(() -> owner.covers(0, 0, 320));
      assertThat(server.commands().hget("call:{call-1}", "epoch")).isEqualTo("1");
    }
  }

  @Test
  void callsOfOthers_areNotClaimedForALease_afterAReconnect() {
    reopen(LONG_LEASE);
    try (Worker waiting = waitsForACallOfASilentWorker()) {
      long cutNanos = System.nanoTime();
      cutTheConnection();

      waiting.takes();

      assertThat(since(cutNanos)).isGreaterThanOrEqualTo(LONG_LEASE);
    }
  }

  @Test
  void callsOfOthers_areNotClaimedForALease_afterALateReply() {
    reopen(LONG_LEASE);
    try (Worker waiting = waitsForACallOfASilentWorker()) {
      long pausedNanos = System.nanoTime();
      server.pause();
      Awaitility.await().until(() -> since(pausedNanos).compareTo(LATE) > 0);
      long resumedNanos = System.nanoTime();
      server.resume();

      waiting.takes();

      assertThat(since(resumedNanos)).isGreaterThanOrEqualTo(LONG_LEASE);
    }
  }

  private void reopen(Duration lease) {
    bus.close();
    bus = open(server.url(), lease);
    awaitConnected();
  }

  /// Its call will look orphaned a lease from now.
  private Worker waitsForACallOfASilentWorker() {
    Caller.opens(bus, CALL).says(320);
    Worker silent = Worker.on(bus, 1);
    silent.takes();
    Worker waiting = Worker.on(bus, 1);
    silent.close();
    return waiting;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  @Test
  void newCall_isGivenAtOnce_howeverLongTheLease() {
    awaitConnected();
    try (Bus patient = open(server.url(), Duration.ofHours(1));
        Worker worker = Worker.on(patient, 5)) {
      Caller.opens(bus, CALL);

      assertThat(worker.takes().call()).isEqualTo(CALL.call());
    }
  }

  @Test
  void callThatWaits_isGivenAtOnce_howeverLongTheLease() {
    awaitConnected();
    Caller.opens(bus, CALL);
    try (Bus patient = open(server.url(), Duration.ofHours(1))) {
      Awaitility.await().until(() -> patient.health() instanceof BusHealth.Connected);

      try (Worker worker = Worker.on(patient, 1)) {
        assertThat(worker.takes().call()).isEqualTo(CALL.call());
      }
    }
  }

  @Test
  void scriptsTheServerForgot_areBroughtAgain() {
    awaitConnected();
    Caller caller = Caller.opens(bus, CALL).says(320);
    server.commands().scriptFlush();

    caller.says(320);
  }

  @Test
  void redisThatComesBackEmpty_isTakenAsItIs() {
    try (RedisServer own = RedisServer.startOwn();
        Bus mine = open(own.url())) {
      Awaitility.await().until(() -> mine.health() instanceof BusHealth.Connected);
      Caller caller = Caller.opens(mine, CALL).says(320);
      try (Worker worker = Worker.on(mine, 1)) {
        worker.takes();

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
        assertThat(Answers.of(mine.audio().open(CALL, "writer-anew", true)))
            .isInstanceOf(Opening.Opened.class);
        assertThat(worker.takes().call()).isEqualTo(CALL.call());
      }
    }
  }

  @Test
  void connectionThatStopsAnswering_isReplacedWithinSeconds() {
    try (TcpRoute route = TcpRoute.to(server.url());
        Bus mine = open(route.redisUrl())) {
      Awaitility.await().until(() -> mine.health() instanceof BusHealth.Connected);
      Caller caller = Caller.opens(mine, CALL).says(320);

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
  void busOpenedBeforeRedis_waitsForIt() {
    try (RedisServer own = RedisServer.startOwn()) {
      own.kill();
      try (Bus early = open(own.url())) {
        assertThat(early.health()).isInstanceOf(BusHealth.Away.class);
        own.restart();
        Awaitility.await().until(() -> early.health() instanceof BusHealth.Connected);
        Caller.opens(early, CALL).says(320);
      }
    }
  }

  @Test
  void serverThatRefusesTheBell_isPolled() {
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
      Caller caller = Caller.opens(polling, CALL);
      try (AudioReader reader = polling.audio().read(CALL.call(), 0)) {
        for (int frame = 1; frame <= 20; frame++) {
          CompletionStage<AudioSlice> next = reader.next();
          caller.says(320);
          assertThat(Answers.of(next).entries())
              .extracting(AudioSlice.Entry::end)
              .containsExactly(frame * 320L);
        }
      }
    } finally {
      server.commands().aclDeluser("poller");
    }
  }
}
