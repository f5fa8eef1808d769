package io.verbatim.gateway.hub;

import static io.verbatim.gateway.stage.Words.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.log.JoinedReads;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.stage.CallStage;
import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TranscriptHubTest {

  private static final CallId CALL = new CallId("call-1");
  private static final Viewer AGENT =
      new Viewer("acme", Set.of(Viewer.READ), Instant.parse("2026-01-01T13:00:00Z"));
  private static final Viewer OPERATOR =
      new Viewer(null, Set.of(Viewer.READ, Viewer.OPS), AGENT.expiresAt());
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final ManualClock clock = new ManualClock();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InMemoryBus bus = new InMemoryBus();
  private final CallStage stage = new CallStage(bus);
  private final EventLoop loop = EventLoop.of(bus.loop());
  private final AtomicInteger lookups = new AtomicInteger();
  private volatile CompletableFuture<Void> lookupsWait = CompletableFuture.completedFuture(null);
  private final JoinedReads<CallId, Optional<CallRecord>> directory = new JoinedReads<>(this::find);
  private final TranscriptHub hub =
      new TranscriptHub(
          loop,
          bus,
          new TranscriptReads(bus.transcripts()),
          directory,
          new HubLimits(
              3,
              2,
              64 * 1024,
              Duration.ofMillis(1),
              Duration.ofMinutes(10),
              Duration.ofMinutes(10),
              HEARTBEAT,
              1024 * 1024,
              100),
          new GatewayMetrics(meters),
          clock);

  @AfterEach
  void close() {
    hub.close();
    stage.close();
    bus.close();
  }

  @Test
  void history_thenLive_thenEnd() {
    SpokenCall call = stage.begin("call-1", "acme").says("one").says("two");

    WatchedStream stream = watch(null).awaitEvents("final", "final", "caught-up");
    call.says("three").misses(5_000, "hole").ends();

    stream.awaitEnd().awaitEvents("final", "final", "caught-up", "final", "gap", "ended");
    assertThat(stream.text()).startsWith("retry: 2000\n\n");
    assertThat(stream.words()).containsExactly("final:one", "final:two", "final:three");
  }

  @Test
  void interim_isReplacedAndThenCoveredByItsFinal() {
    SpokenCall call = stage.begin("call-1", "acme");
    WatchedStream stream = watch(null).awaitEvents("caught-up");

    call.guesses(words("s1", 0, 300, "hel"));
    stream.awaitText("\"hel\"");
    call.guesses(words("s1", 0, 600, "hello"));
    stream.awaitText("\"hello\"");
    call.says(words("s1", 0, 900, "Hello."));

    stream.awaitText("\"Hello.\"");
    assertThat(stream.words()).containsExactly("interim:hel", "interim:hello", "final:Hello.");
  }

  @Test
  void newSubscriber_getsLiveStateBehindTheHistory() {
    stage
        .begin("call-1", "acme")
        .isHeardBy(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "simulated", ""))
        .says("one")
        .guesses(words("s2", 1_000, 1_400, "two"));

    watch(null).awaitEvents("final", "caught-up", "status", "interim");
  }

  @Test
  void interimWithoutFinal_isReplacedByAnEmptyOne() {
    SpokenCall call = stage.begin("call-1", "acme").guesses(words("s1", 0, 300, "hm"));
    WatchedStream stream = watch(null).awaitText("\"hm\"");

    call.isSilent();

    stream.awaitText("\"text\":\"\"");
  }

  @Test
  void guessBelowTheLastFinal_isDropped() {
    SpokenCall call = stage.begin("call-1", "acme").says("one");
    WatchedStream stream = watch(null).awaitEvents("final", "caught-up");

    call.guesses(words("old", 500, 1_500, "late")).guesses(words("new", 1_000, 1_600, "next"));

    stream.awaitText("\"next\"");
    assertThat(stream.words()).doesNotContain("interim:late");
  }

  @Test
  void lastEventId_resumesWithoutSeam() {
    SpokenCall call = stage.begin("call-1", "acme").says("one").says("two");
    String first = watch(null).awaitEvents("final", "final", "caught-up").text();
    String lastId =
        first.substring(first.lastIndexOf("id: ") + 4).lines().findFirst().orElseThrow();
    call.says("three");

    WatchedStream resumed = watch(lastId).awaitEvents("final", "caught-up");

    assertThat(resumed.words()).containsExactly("final:three");
  }

  @Test
  void unknownLastEventId_causesResyncFromTheStart() {
    stage.begin("call-1", "acme").says("one");

    watch("17-0").awaitEvents("resync", "final", "caught-up");
  }

  @Test
  void callNotBegun_isWaitedFor() {
    WatchedStream stream = watch(null).awaitText("retry");

    stage.begin("call-1", "acme").says("at last");

    stream.awaitText("\"at last\"");
  }

  @Test
  void subscribersThatConnectAtOnce_shareOneLookup() {
    stage.begin("call-1", "acme").says("one");
    lookupsWait = new CompletableFuture<>();
    WatchedStream first = watchAs(OPERATOR).awaitText("retry");
    WatchedStream second = watchAs(OPERATOR).awaitText("retry");

    lookupsWait.complete(null);

    first.awaitEvents("final", "caught-up");
    second.awaitEvents("final", "caught-up");
    assertThat(lookups).hasValue(1);
  }

  @Test
  void callOfAnotherTenant_endsTheStreamWithoutEvent() {
    WatchedStream stream = watch(null);

    stage.begin("call-1", "globex").says("secret");

    stream.awaitEnd();
    assertThat(stream.events()).isEmpty();
  }

  @Test
  void slowSubscriber_isEvictedAndOthersAreNot() {
    SpokenCall call = stage.begin("call-1", "acme").says("one");
    WatchedStream slow = watch(null).awaitEvents("final", "caught-up").stalls();
    WatchedStream quick = watch(null).awaitEvents("final", "caught-up");

    IntStream.range(0, 120).forEach(i -> call.says("x".repeat(1_000)));

    await().until(() -> quick.words().size() == 121);
    assertThat(evictions("slow")).isZero();
    clock.advance(Duration.ofSeconds(1));
    await().until(() -> evictions("slow") == 1);
    await().until(() -> quick.words().size() == 121);
    slow.flowsAgain();
    slow.awaitEnd().awaitText("event: evicted").awaitText("id: evicted:");
    assertThat(quick.isOver()).isFalse();
  }

  @Test
  void slowSubscriber_getsEveryFinalButOnlyTheNewestInterim() {
    SpokenCall call = stage.begin("call-1", "acme");
    WatchedStream slow = watch(null).awaitEvents("caught-up").stalls();
    WatchedStream quick = watch(null).awaitEvents("caught-up");
    call.guesses(words("s0", 0, 100, "t")); // The connection takes this one before it stalls.
    slow.awaitWriteInFlight();

    call.says(words("s0", 0, 500, "One."));
    for (int i = 1; i < 20; i++) {
      call.guesses(words("s1", 500, 600, "guess " + i));
    }
    quick.awaitText("guess 19");
    slow.flowsAgain();

    slow.awaitText("guess 19");
    assertThat(slow.words()).containsExactly("interim:t", "final:One.", "interim:guess 19");
  }

  @Test
  void beyondTheLimit_theOldestIsEvicted() {
    stage.begin("call-1", "acme").says("one");
    WatchedStream oldest = watchAs(OPERATOR).awaitEvents("final", "caught-up");
    WatchedStream second = watchAs(OPERATOR).awaitEvents("final", "caught-up");
    watchAs(OPERATOR).awaitEvents("final", "caught-up");

    watchAs(OPERATOR).awaitEvents("final", "caught-up");

    oldest.awaitEnd().awaitEvents("final", "caught-up", "evicted");
    assertThat(second.isOver()).isFalse();
    assertThat(evictions("capacity")).isEqualTo(1);
  }

  @Test
  void tenantOverItsLimit_losesItsOldestStreamOnly() {
    stage.begin("call-1", "acme").says("one");
    WatchedStream operator = watchAs(OPERATOR).awaitEvents("final", "caught-up");
    WatchedStream oldest = watchAs(AGENT).awaitEvents("final", "caught-up");
    WatchedStream second = watchAs(AGENT).awaitEvents("final", "caught-up");

    watchAs(AGENT).awaitEvents("final", "caught-up");

    oldest.awaitEnd().awaitEvents("final", "caught-up", "evicted");
    assertThat(second.isOver()).isFalse();
    assertThat(operator.isOver()).isFalse();
    assertThat(evictions("tenant_capacity")).isEqualTo(1);
    assertThat(evictions("capacity")).isZero();
  }

  @Test
  void staleSubscriber_isAborted() {
    stage.begin("call-1", "acme").says("one");
    WatchedStream stale = watch(null).awaitEvents("final", "caught-up").stalls();
    SpokenCall other = stage.begin("call-2", "acme").says("wake");
    assertThat(other.id()).isNotEqualTo(CALL);
    clock.advance(HEARTBEAT);
    stale.awaitWriteInFlight();

    clock.advance(Duration.ofMinutes(11));

    stale.awaitEnd();
    assertThat(evictions("stale")).isEqualTo(1);
  }

  @Test
  void quietStream_getsHeartbeat() {
    stage.begin("call-1", "acme");
    WatchedStream stream = watch(null).awaitEvents("caught-up");

    clock.advance(HEARTBEAT);

    stream.awaitText("\n\n:\n\n");
  }

  @Test
  void expiredToken_evicts() {
    stage.begin("call-1", "acme");
    WatchedStream stream = watch(null).awaitEvents("caught-up");
    WatchedStream page = watchPage(1, null);
    page.awaitEvents("call", "caught-up");

    clock.advance(Duration.ofMinutes(60));

    stream.awaitEnd().awaitEvents("caught-up", "evicted").awaitText("\"code\":\"expired\"");
    page.awaitEnd().awaitEvents("call", "caught-up", "evicted");
    assertThat(evictions("expired")).isEqualTo(2);
  }

  @Test
  void finishedCallWithoutSubscribers_isForgottenAndReadAgainOnDemand() {
    stage.begin("call-1", "acme").says("one").ends();
    watch(null).awaitEnd();
    assertThat(feeds()).isEqualTo(1);

    clock.advance(Duration.ofMinutes(10));

    await().until(() -> feeds() == 0);
    watch(null).awaitEnd().awaitEvents("final", "ended");
  }

  @Test
  void page_hasTheListTheLastLinesAndOneCallInFull() {
    stage.begin("call-1", "acme").says("one").says("two").says("three");
    stage.begin("call-2", "acme").says("four").says("five").says("six");
    stage.begin("call-3", "globex").says("secret");

    WatchedStream page = watchPage(1, CALL);

    page.awaitText("\"three\"").awaitText("\"six\"");
    await()
        .untilAsserted(() ->
            assertThat(page.words())
                .containsExactlyInAnyOrder("final:one", "final:two", "final:three", "final:six"));
    assertThat(page.text()).doesNotContain("globex", "secret", "+911234567890");
    assertThat(page.text()).contains("…7890");
  }

  @Test
  void page_carriesOnlyIdsOfTheCallInFull() {
    SpokenCall other = stage.begin("call-2", "acme");
    stage.begin("call-1", "acme").says("one");
    WatchedStream page = watchPage(2, CALL);
    page.awaitText("\"one\"");

    other.says("elsewhere");

    page.awaitText("\"elsewhere\"");
    assertThat(page.text().lines().filter(line -> line.startsWith("id: "))).hasSize(1);
  }

  @Test
  void callsSeenToEnd_areSummedByTheirLedgers() {
    watchPage(1, null).awaitEvents("caught-up");
    stage.begin("call-0", "acme").says("live");
    SpokenCall whole = stage.begin("call-1", "acme").says("one").says("two");
    SpokenCall holed = stage.begin("call-2", "globex").says("three").misses(3_500, "hole");
    whole.ends();
    holed.ends();

    await().until(() -> sum("verbatim.gateway.ended.calls") == 2);
    assertThat(sum("verbatim.gateway.ended.received")).isEqualTo(5.5);
    assertThat(sum("verbatim.gateway.ended.transcribed")).isEqualTo(3.0);
    assertThat(sum("verbatim.gateway.ended.gap")).isEqualTo(2.5);
    assertThat(meters.get("verbatim.gateway.ended.calls").tag("complete", "true").counter().count())
        .isEqualTo(1);
  }

  private double sum(String counter) {
    return meters.find(counter).counters().stream().mapToDouble(one -> one.count()).sum();
  }

  @Test
  void page_seesCallsComeAndEnd() {
    WatchedStream page = watchPage(1, null);
    page.awaitEvents("caught-up");

    SpokenCall call = stage.begin("call-1", "acme").says("hello");
    page.awaitText("\"hello\"");
    call.ends();

    page.awaitText("\"state\":\"ended\"");
    assertThat(page.isOver()).isFalse();
  }

  private CompletionStage<Optional<CallRecord>> find(CallId call) {
    lookups.incrementAndGet();
    return lookupsWait.thenComposeAsync(_ -> bus.calls().find(call), loop::execute);
  }

  private WatchedStream watch(@Nullable String lastEventId) {
    return new WatchedStream(
        loop, connection -> hub.openCall(connection, CALL, lastEventId, AGENT));
  }

  private WatchedStream watchAs(Viewer viewer) {
    return new WatchedStream(loop, connection -> hub.openCall(connection, CALL, null, viewer));
  }

  private WatchedStream watchPage(int lines, @Nullable CallId call) {
    return new WatchedStream(
        loop, connection -> hub.openPage(connection, lines, call, null, AGENT));
  }

  private double evictions(String reason) {
    var counter = meters.find("verbatim.gateway.evictions").tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  private double feeds() {
    return meters.get("verbatim.gateway.feeds").gauge().value();
  }
}
