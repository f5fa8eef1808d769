package io.verbatim.pubsub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.contract.Answers;
import io.verbatim.pubsub.contract.Caller;
import io.verbatim.pubsub.contract.Owner;
import io.verbatim.pubsub.contract.Samples;
import io.verbatim.pubsub.contract.Worker;
import io.verbatim.pubsub.message.BusFullException;
import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A Redis that answers with errors or has lost its data.
class RedisFailureModesIT {
  private static final CallStart START = Samples.mono("call-1");

  private RedisServer server;
  private Bus bus;

  @BeforeEach
  void open() {
    server = RedisServer.startOwn();
    bus = connect("failure-modes", Duration.ofMillis(400));
  }

  private Bus connect(String name, Duration lease) {
    Bus connected =
        RedisBus.open(
            new RedisSettings(
                server.url(),
                "",
                name,
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                lease,
                50,
                1000,
                2000));
    Awaitility.await().until(() -> connected.health() instanceof BusHealth.Connected);
    return connected;
  }

  @AfterEach
  void close() {
    bus.close();
    server.close();
  }

  private static Throwable failureOf(CompletionStage<?> request) {
    return request
        .toCompletableFuture()
        .handle((_, failure) -> failure)
        .orTimeout(5, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void outOfMemory_appendFailsWithBusFullUntilMemoryIsFree() {
    Caller caller = Caller.openNew(bus, START);
    for (int second = 0; second < 8; second++) {
      caller.store(16_000);
    }
    server.commands().configSet("maxmemory", "1");

    assertThat(failureOf(bus.audio().append(caller.next(16_000))))
        .extracting(RedisFailureModesIT::cause, InstanceOfAssertFactories.THROWABLE)
        .isInstanceOf(BusFullException.class);
    assertThat(caller.trimOldest()).isEqualTo(4 * 16_000);

    server.commands().configSet("maxmemory", "0");
    caller.store(16_000);
  }

  @Test
  void outOfMemory_writesThatFreeMemoryAndHeartbeatsSucceed() {
    Caller caller = Caller.openNew(bus, START).store(16_000);
    Bus silent = bus;
    try (Worker first = Worker.on(silent, 1)) {
      first.awaitGrant();
    }
    server.commands().configSet("maxmemory", "1");

    try (Worker successor = Worker.on(bus, 1)) {
      Owner owner = successor.awaitGrant();
      assertThat(caller.heartbeat())
          .isEqualTo(new WriteResult.Written<>(new CallProgress(true, 0, 16_000, false)));
      assertThat(owner.setInterim(Samples.speech("i", 0, "hel")))
          .isEqualTo(new WriteResult.Written<>(0L));
      assertThat(owner.appendFinal(0, 8_000, "hello")).isEqualTo(new WriteResult.Written<>(8_000L));
      assertThat(owner.appendGap(8_000, 12_000, "lost"))
          .isEqualTo(new WriteResult.Written<>(12_000L));
      assertThat(caller.end(16_000, "stop")).isInstanceOf(WriteResult.Written.class);
    }
  }

  @Test
  void replica_connectionIsReplacedUntilPrimaryAgain() {
    Caller caller = Caller.openNew(bus, START).store(320);
    long before = clientId();
    server.commands().replicaof("127.0.0.1", 1);

    assertThat(cause(failureOf(bus.audio().append(caller.next(320)))))
        .isInstanceOf(BusUnavailableException.class)
        .hasMessageContaining("READONLY");
    Awaitility.await().until(() -> clientId() != before);

    server.commands().replicaofNoOne();
    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(Answers.of(bus.audio().append(caller.next(320))))
                .isInstanceOf(WriteResult.Written.class));
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof BusUnavailableException || failure.getCause() == null
        ? failure
        : failure.getCause();
  }

  /// The server's id of the bus's connection; -1 without one.
  private long clientId() {
    return server
        .commands()
        .clientList()
        .lines()
        .filter(line -> line.contains(" name=failure-modes "))
        .map(line -> line.substring("id=".length(), line.indexOf(' ')))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(-1);
  }

  @Test
  void callReopenedAfterFlush_isGrantedAgainToSameWorker() {
    Caller.openNew(bus, START);
    try (Bus withLongLease = connect("long-lease", Duration.ofHours(1));
        Worker worker = Worker.on(withLongLease, 4)) {
      Owner before = worker.awaitGrant();
      server.flush();
      Caller.openNew(bus, START);

      Owner after = worker.awaitGrant();

      assertThat(after.call()).isEqualTo(START.call());
      assertThat(after.grant().epoch()).isEqualTo(1);
      assertThat(after.grant().owner()).isNotEqualTo(before.grant().owner());
      assertThat(before.tryEveryWrite()).containsOnly(new WriteResult.Fenced<>());
      assertThat(after.cover(0, 0, 0)).isEqualTo(new WriteResult.Written<>(0L));
    }
  }

  @Test
  void flushedServer_callsAreLostAndNewOnesGranted() {
    Caller.openNew(bus, START);
    long connection = clientId();
    try (Worker worker = Worker.on(bus, 1)) {
      worker.awaitGrant();
      server.flush();
      Awaitility.await().until(() -> worker.lost().equals(Set.of(START.call())));
      CallStart other = Samples.mono("call-2");
      Caller.openNew(bus, other);

      assertThat(worker.awaitGrant().call()).isEqualTo(other.call());
      assertThat(clientId()).as("the connection stays open").isEqualTo(connection);
    }
  }

  @Test
  void maxClientsReached_reconnectsWhenAllowed() {
    int usual = Integer.parseInt(server.commands().configGet("maxclients").get("maxclients"));
    try (Worker worker = Worker.on(bus, 1)) {
      server.limitClients(1);
      Awaitility.await().until(() -> rejectedConnections() > 0);
      assertThat(bus.health()).isInstanceOf(BusHealth.Away.class);

      server.limitClients(usual);
      Awaitility.await().until(() -> bus.health() instanceof BusHealth.Connected);
      Caller.openNew(bus, START);

      assertThat(worker.awaitGrant().call()).isEqualTo(START.call());
    }
  }

  private long rejectedConnections() {
    return server
        .commands()
        .info("stats")
        .lines()
        .filter(line -> line.startsWith("rejected_connections:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
        .sum();
  }

  @Test
  void ownerWithoutHeartbeat_callIsReportedUnowned() {
    Caller caller = Caller.openNew(bus, START);
    try (Worker worker = Worker.on(bus, 1)) {
      worker.awaitGrant();
      assertThat(caller.heartbeat())
          .isEqualTo(new WriteResult.Written<>(new CallProgress(true, 0, 0, false)));

      server.commands().hset("call:{call-1}", "watched", "1");

      assertThat(caller.heartbeat())
          .isEqualTo(new WriteResult.Written<>(new CallProgress(false, 0, 0, false)));
    }
  }
}
