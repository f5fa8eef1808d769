package io.verbatim.pubsub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.contract.Answers;
import io.verbatim.pubsub.contract.Caller;
import io.verbatim.pubsub.contract.Owner;
import io.verbatim.pubsub.contract.Samples;
import io.verbatim.pubsub.contract.Worker;
import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.DeadLetter;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.message.WriterLiveness;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The keys that the bus writes to Redis, and its handling of foreign changes to them.
@ExtendWith(RedisExtension.class)
class RedisKeysIT {
  private static final CallStart START = Samples.mono("call-1");
  private static final CallId CALL = START.call();
  private static final String ANNOUNCEMENTS = "audio_stream";
  private static final String GROUP = "asr-workers";
  private static final String AUDIO = "audio_stream:{call-1}";
  private static final String TRANSCRIPT = "transcript:{call-1}";
  private static final String LIVE_STATE = "transcript:{call-1}:now";
  private static final String HASH = "call:{call-1}";

  private final RedisServer server;
  private final List<AutoCloseable> toClose = new ArrayList<>();

  RedisKeysIT(RedisServer server) {
    this.server = server;
  }

  private Bus bus() {
    RedisBus bus =
        RedisBus.open(
            new RedisSettings(
                server.url(),
                "",
                "keys",
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                Duration.ofMillis(400),
                50,
                1000,
                2000));
    toClose.add(bus);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> bus.health() instanceof BusHealth.Connected);
    return bus;
  }

  @AfterEach
  void closeBuses() throws Exception {
    for (AutoCloseable bus : toClose) {
      bus.close();
    }
  }

  private RedisCommands<String, String> redis() {
    return server.commands();
  }

  private List<StreamMessage<String, String>> entries(String stream) {
    return redis().xrange(stream, Range.unbounded());
  }

  private long pending() {
    return redis().xpending(ANNOUNCEMENTS, GROUP).getCount();
  }

  @Test
  void resumption_renewsHeartbeat() {
    Bus bus = bus();
    Caller.openNew(bus, START);
    redis().hset(HASH, "alive", "1");

    assertThat(Caller.withToken(bus, START, "second").open(true))
        .isInstanceOf(Opening.Opened.class);

    assertThat(Long.parseLong(redis().hget(HASH, "alive"))).isGreaterThan(1);
  }

  @Test
  void silentWriterWithoutEarlierChecks_returnsWaiting() {
    Bus bus = bus();
    Caller.openNew(bus, START).store(960);
    Worker worker = Worker.on(bus, 1);
    toClose.add(worker);
    Owner owner = worker.awaitGrant();
    redis().hset(HASH, "alive", "1");

    assertThat(
            Answers.of(
                bus.leases()
                    .abandon(
                        CALL,
                        owner.grant().owner(),
                        WriterLiveness.NONE,
                        Duration.ofSeconds(30),
                        "ingest_lost")))
        .isInstanceOf(AbandonOutcome.Waiting.class);
  }

  @Test
  void abandonWithTailBelowCovered_endIsAtCovered() {
    Bus bus = bus();
    Caller.openNew(bus, START).store(960);
    Worker worker = Worker.on(bus, 1);
    toClose.add(worker);
    Owner owner = worker.awaitGrant();
    owner.appendFinal(0, 640, "hello");
    redis().hset(HASH, "tail", "320");
    redis().del(AUDIO);

    assertThat(
            Answers.of(
                bus.leases()
                    .abandon(
                        CALL,
                        owner.grant().owner(),
                        WriterLiveness.NONE,
                        Duration.ZERO,
                        "ingest_lost")))
        .isEqualTo(new AbandonOutcome.Abandoned());

    try (AudioReader reader = bus.audio().read(CALL, 640)) {
      AudioSlice slice = Answers.of(reader.next());
      assertThat(slice.entries()).isEmpty();
      assertThat(slice.end()).contains(new AudioSlice.End(640, "ingest_lost", false));
    }
    assertThat(redis().hget(HASH, "tail")).isEqualTo("640");
    assertThat(owner.endExpecting(List.of(640L), 640)).isEqualTo(new WriteResult.Written<>(640L));
  }

  @Test
  void audioEntries_haveEndPositionAsId() {
    Caller caller = Caller.openNew(bus(), START).store(320).storeAfterLoss(320, 640);
    caller.end(1280, "stop");

    assertThat(entries(AUDIO))
        .extracting(StreamMessage::getId)
        .containsExactly("320-0", "1280-0", "1280-1");
    assertThat(entries(AUDIO).getFirst().getBody()).containsOnlyKeys("pcm", "t");
    assertThat(entries(AUDIO).getFirst().getBody()).containsEntry("t", "1320");
    assertThat(redis().xrange(AUDIO, Range.create("1280-1", "1280-1")).getFirst().getBody())
        .isEqualTo(Map.of("end", "stop"));
  }

  @Test
  void newCall_isInHashAnnouncementsAndCalls() {
    Caller.openNew(bus(), START);

    assertThat(entries(ANNOUNCEMENTS))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.getBody()).isEqualTo(Map.of("v", "1", "call", "call-1"));
          assertThat(redis().hget(HASH, "entry")).isEqualTo(entry.getId());
        });
    assertThat(redis().hmget(HASH, "tenant", "source", "state", "tail", "covered", "writer"))
        .extracting(field -> field.getValueOrElse(""))
        .containsExactly("acme", "exotel", "live", "0", "0", "writer-of-call-1");
    assertThat(redis().zrange("calls", 0, -1)).containsExactly("call-1");
  }

  @Test
  void liveCall_everyKeyHasAnExpiry() {
    Bus bus = bus();
    Caller.openNew(bus, START).store(960);
    Owner owner = Worker.on(bus, 1).awaitGrant();
    owner.appendFinal(0, 320, "hello");
    owner.setInterim(Samples.speech("s2", 0, "wor"));

    assertThat(List.of(HASH, AUDIO, TRANSCRIPT, LIVE_STATE))
        .allSatisfy(
            key -> assertThat(redis().pttl(key)).isBetween(1L, Duration.ofHours(1).toMillis()));
  }

  @Test
  void endedCall_keepsRecordAndTranscriptUntilExpiry() {
    Bus bus = bus();
    Caller.openNew(bus, START).store(960);
    Worker worker = Worker.on(bus, 1);
    Owner owner = worker.awaitGrant();
    owner.setInterim(Samples.speech("s1", 0, "hel"));
    owner.appendFinal(0, 960, "hello");
    owner.end(960);
    worker.release(owner);

    assertThat(redis().exists(AUDIO)).isZero();
    assertThat(redis().hkeys(LIVE_STATE)).containsExactly("line");
    assertThat(redis().pttl(LIVE_STATE)).isPositive();
    assertThat(entries(ANNOUNCEMENTS)).isEmpty();
    assertThat(pending()).isZero();
    assertThat(redis().pttl(HASH)).isPositive();
    assertThat(redis().pttl(TRANSCRIPT)).isPositive();
    assertThat(entries(TRANSCRIPT))
        .extracting(StreamMessage::getId)
        .containsExactly("960-0", "960-1");
  }

  @Test
  void ownedCall_staysPending() {
    Bus bus = bus();
    Caller.openNew(bus, START);
    Worker.on(bus, 1).awaitGrant();

    assertThat(pending()).isEqualTo(1);
    assertThat(entries(ANNOUNCEMENTS)).hasSize(1);
  }

  @Test
  void secondAnnouncementOfOwnedCall_isRemoved() {
    Bus bus = bus();
    Caller.openNew(bus, START).store(320);
    Owner owner = Worker.on(bus, 1).awaitGrant();
    Worker other = Worker.on(bus(), 4);
    redis().xadd(ANNOUNCEMENTS, Map.of("call", "call-1"));
    Caller.openNew(bus, Samples.mono("call-2"));

    assertThat(other.awaitGrant().call()).isEqualTo(new CallId("call-2"));
    Awaitility.await().until(() -> entries(ANNOUNCEMENTS).size() == 2 && pending() == 2);
    assertThat(other.unpolled()).isZero();
    assertThat(owner.appendFinal(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void unreadableAnnouncement_becomesDeadLetter() {
    Bus bus = bus();
    String entry = redis().xadd(ANNOUNCEMENTS, Map.of("what", "ever"));
    Worker worker = Worker.on(bus, 4);
    Caller.openNew(bus, START);

    assertThat(worker.awaitGrant().call()).isEqualTo(CALL);
    Awaitility.await().until(() -> !Answers.of(bus.deadLetters().list()).isEmpty());
    DeadLetter letter = Answers.of(bus.deadLetters().list()).getFirst();
    assertThat(letter.source()).isEqualTo(ANNOUNCEMENTS);
    assertThat(letter.entry()).isEqualTo(entry);
    Awaitility.await().until(() -> entries(ANNOUNCEMENTS).size() == 1 && pending() == 1);
  }

  @Test
  void callClaimedByAnother_workerIsNotifiedOfLoss() {
    Bus bus = bus();
    Caller.openNew(bus, START);
    Worker worker = Worker.on(bus, 1);
    worker.awaitGrant();
    String entry = entries(ANNOUNCEMENTS).getFirst().getId();

    redis().xclaim(ANNOUNCEMENTS, Consumer.from(GROUP, "other-worker"), 0, entry);

    Awaitility.await().until(() -> worker.lost().equals(Set.of(CALL)));
  }

  @Test
  void callOfNewerFormat_isLeftToOthersWithoutFailedDelivery() {
    Bus bus = bus();
    Caller.openNew(bus, START).store(320);
    redis().hset(HASH, "v", "2");
    Worker worker = Worker.on(bus, 1);
    toClose.add(worker);

    Awaitility.await()
        .during(Duration.ofSeconds(1))
        .until(() -> entries(ANNOUNCEMENTS).size() == 1 && worker.unpolled() == 0);
    redis().hset(HASH, "v", "1");

    assertThat(worker.awaitGrant().grant().deliveryCount()).isEqualTo(1);
  }

  @Test
  void giveBackOfLostCall_hasNoEffect() {
    Bus bus = bus();
    Caller.openNew(bus, START);
    Worker worker = Worker.on(bus, 1);
    Owner owner = worker.awaitGrant();
    String entry = entries(ANNOUNCEMENTS).getFirst().getId();
    redis().xclaim(ANNOUNCEMENTS, Consumer.from(GROUP, "other-worker"), 0, entry);

    worker.giveBack(owner);
    worker.release(owner);

    assertThat(entries(ANNOUNCEMENTS)).extracting(StreamMessage::getId).containsExactly(entry);
    assertThat(pending()).isEqualTo(1);
  }

  @Test
  void handOver_removesConsumerAndSilenceDoesNot() {
    Bus bus = bus();
    Caller.openNew(bus, START);
    Worker leaving = Worker.on(bus, 1);
    leaving.awaitGrant();
    leaving.handOver();
    assertThat(redis().xinfoConsumers(ANNOUNCEMENTS, GROUP)).isEmpty();

    Worker silent = Worker.on(bus, 1);
    silent.awaitGrant();
    silent.close();

    assertThat(redis().xinfoConsumers(ANNOUNCEMENTS, GROUP)).hasSize(1);
    assertThat(redis().xpending(ANNOUNCEMENTS, GROUP, Range.unbounded(), Limit.from(10)))
        .as("entries for the next worker")
        .hasSize(1);
  }

  @Test
  void longSilentConsumer_isRemovedUnlessCallIsPending() throws IOException {
    Bus bus = bus();
    Caller.openNew(bus, START);
    Worker silent = Worker.on(bus, 1);
    silent.awaitGrant();
    silent.close();
    String holding = consumers().getFirst();
    redis().xgroupCreateconsumer(ANNOUNCEMENTS, Consumer.from(GROUP, "gone"));
    assertThat(consumers()).containsExactlyInAnyOrder(holding, "gone");

    redis()
        .eval(script("share.lua"), ScriptOutputType.MULTI, keys(), GROUP, "other", "0", "3600000");
    assertThat(consumers())
        .as("silent for less than the limit")
        .containsExactlyInAnyOrder(holding, "gone");
    redis().eval(script("share.lua"), ScriptOutputType.MULTI, keys(), GROUP, "other", "0", "-1");

    assertThat(consumers()).containsExactly(holding);
  }

  private List<String> consumers() {
    return redis().xinfoConsumers(ANNOUNCEMENTS, GROUP).stream()
        .map(fields -> (String) ((List<?>) fields).get(1))
        .toList();
  }

  private static String[] keys() {
    return new String[] {ANNOUNCEMENTS};
  }

  private static String script(String file) throws IOException {
    try (InputStream in = RedisBus.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
