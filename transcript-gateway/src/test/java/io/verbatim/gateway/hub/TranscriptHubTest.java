package io.verbatim.gateway.hub;

import static io.verbatim.gateway.fixture.Words.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallIdentity;
import io.verbatim.gateway.calls.FoundCall;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.Futures;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.gateway.log.JoinedReads;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.EraseOutcome;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptHubTest {

  private static final CallId CALL = new CallId("call-1");
  private static final Viewer AGENT =
      new Viewer("", null, "acme", Set.of(Viewer.READ), Instant.parse("2026-01-01T13:00:00Z"));
  private static final Viewer OPERATOR =
      new Viewer("", null, null, Set.of(Viewer.READ, Viewer.OPS), AGENT.expiresAt());
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final ManualClock clock = new ManualClock();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final EventLoop loop = EventLoop.of(bus.loop());
  private final AtomicInteger lookups = new AtomicInteger();
  private volatile CompletableFuture<Void> lookupsWait = CompletableFuture.completedFuture(null);
  private final JoinedReads<CallId, Optional<CallRecord>> directory = new JoinedReads<>(this::find);
  private final TranscriptReads reads = new TranscriptReads(bus.transcripts());
  private final TranscriptHub hub =
      new TranscriptHub(
          loop,
          bus,
          reads,
          (call, _) -> directory.apply(call).thenApply(this::inLog),
          _ -> {},
          null,
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
    calls.close();
    bus.close();
  }

  @Test
  void stream_sendsHistoryThenLiveThenEnd() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one").addFinal("two");

    TestStream stream = subscribe(null).awaitEvents("final", "final", "caught-up");
    call.addFinal("three").addGap(5_000, "hole").end();

    stream.awaitEnd().awaitEvents("final", "final", "caught-up", "final", "gap", "ended");
    assertThat(stream.text()).startsWith("retry: 2000\n\n");
    assertThat(stream.words()).containsExactly("final:one", "final:two", "final:three");
  }

  @Test
  void deliveryLatency_isMeasuredForLiveFinalsOnly() {
    TestCall call = calls.begin("call-1", "acme").addFinal("history");
    TestStream stream = subscribe(null).awaitEvents("final", "caught-up");

    call.addFinal("live").addGap(5_000, "hole").end();
    stream.awaitEnd();

    Timer sinceAppend = meters.get("verbatim.gateway.append.to.browser").timer();
    assertThat(sinceAppend.count()).isEqualTo(1);
    assertThat(sinceAppend.totalTime(TimeUnit.SECONDS)).isLessThan(60);
    assertThat(meters.get("verbatim.gateway.audio.to.browser").timer().count()).isEqualTo(1);
  }

  @Test
  void interim_isReplacedAndThenCoveredByItsFinal() {
    TestCall call = calls.begin("call-1", "acme");
    TestStream stream = subscribe(null).awaitEvents("caught-up");

    call.setInterim(words("s1", 0, 300, "hel"));
    stream.awaitText("\"hel\"");
    call.setInterim(words("s1", 0, 600, "hello"));
    stream.awaitText("\"hello\"");
    call.addFinal(words("s1", 0, 900, "Hello."));

    stream.awaitText("\"Hello.\"");
    assertThat(stream.words()).containsExactly("interim:hel", "interim:hello", "final:Hello.");
  }

  @Test
  void newSubscriber_getsLiveStateAfterHistory() {
    calls
        .begin("call-1", "acme")
        .setRecognizer(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "simulated", ""))
        .addFinal("one")
        .setInterim(words("s2", 1_000, 1_400, "two"));

    subscribe(null).awaitEvents("final", "caught-up", "status", "interim");
  }

  @Test
  void interimWithoutFinal_isReplacedByAnEmptyOne() {
    TestCall call = calls.begin("call-1", "acme").setInterim(words("s1", 0, 300, "hm"));
    TestStream stream = subscribe(null).awaitText("\"hm\"");

    call.addSilence();

    stream.awaitText("\"text\":\"\"");
  }

  @Test
  void interimBeforeLastFinalEnd_isDropped() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    TestStream stream = subscribe(null).awaitEvents("final", "caught-up");

    call.setInterim(words("old", 500, 1_500, "late"))
        .setInterim(words("new", 1_000, 1_600, "next"));

    stream.awaitText("\"next\"");
    assertThat(stream.words()).doesNotContain("interim:late");
  }

  @Test
  void lastEventId_resumesWithoutSeam() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one").addFinal("two");
    String first = subscribe(null).awaitEvents("final", "final", "caught-up").text();
    String lastId =
        first.substring(first.lastIndexOf("id: ") + 4).lines().findFirst().orElseThrow();
    call.addFinal("three");

    TestStream resumed = subscribe(lastId).awaitEvents("final", "caught-up");

    assertThat(resumed.words()).containsExactly("final:three");
  }

  @Test
  void unknownLastEventId_causesResyncFromTheStart() {
    calls.begin("call-1", "acme").addFinal("one");

    subscribe("17-0").awaitEvents("resync", "final", "caught-up");
  }

  @Test
  void callNotBegun_isWaitedFor() {
    TestStream stream = subscribe(null).awaitText("retry");

    calls.begin("call-1", "acme").addFinal("at last");

    stream.awaitText("\"at last\"");
  }

  @Test
  void simultaneousSubscribers_shareOneLookup() {
    calls.begin("call-1", "acme").addFinal("one");
    lookupsWait = new CompletableFuture<>();
    TestStream first = subscribeAs(OPERATOR).awaitText("retry");
    TestStream second = subscribeAs(OPERATOR).awaitText("retry");

    lookupsWait.complete(null);

    first.awaitEvents("final", "caught-up");
    second.awaitEvents("final", "caught-up");
    assertThat(lookups).hasValue(1);
  }

  @Test
  void callOfOtherTenant_endsStreamWithoutEvent() {
    TestStream stream = subscribe(null);

    calls.begin("call-1", "globex").addFinal("secret");

    stream.awaitEnd();
    assertThat(stream.events()).isEmpty();
  }

  @Test
  void slowSubscriber_isEvictedAndOthersAreNot() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    TestStream slow = subscribe(null).awaitEvents("final", "caught-up").stall();
    TestStream quick = subscribe(null).awaitEvents("final", "caught-up");

    IntStream.range(0, 120).forEach(i -> call.addFinal("x".repeat(1_000)));

    await().until(() -> quick.words().size() == 121);
    assertThat(evictions("slow")).isZero();
    clock.advance(Duration.ofSeconds(1));
    await().until(() -> evictions("slow") == 1);
    await().until(() -> quick.words().size() == 121);
    slow.resume();
    slow.awaitEnd().awaitText("event: evicted").awaitText("id: evicted:");
    assertThat(quick.isOver()).isFalse();
  }

  @Test
  void slowSubscriber_getsEveryFinalButOnlyTheNewestInterim() {
    TestCall call = calls.begin("call-1", "acme");
    TestStream slow = subscribe(null).awaitEvents("caught-up").stall();
    TestStream quick = subscribe(null).awaitEvents("caught-up");
    call.setInterim(words("s0", 0, 100, "t")); // The connection takes this one before it stalls.
    slow.awaitWriteInFlight();

    call.addFinal(words("s0", 0, 500, "One."));
    for (int i = 1; i < 20; i++) {
      call.setInterim(words("s1", 500, 600, "guess " + i));
    }
    quick.awaitText("guess 19");
    slow.resume();

    slow.awaitText("guess 19");
    assertThat(slow.words()).containsExactly("interim:t", "final:One.", "interim:guess 19");
  }

  @Test
  void subscriberOverLimit_evictsTheOldest() {
    calls.begin("call-1", "acme").addFinal("one");
    TestStream oldest = subscribeAs(OPERATOR).awaitEvents("final", "caught-up");
    TestStream second = subscribeAs(OPERATOR).awaitEvents("final", "caught-up");
    subscribeAs(OPERATOR).awaitEvents("final", "caught-up");

    subscribeAs(OPERATOR).awaitEvents("final", "caught-up");

    oldest.awaitEnd().awaitEvents("final", "caught-up", "evicted");
    assertThat(second.isOver()).isFalse();
    assertThat(evictions("capacity")).isEqualTo(1);
  }

  @Test
  void subscriberOverTenantLimit_evictsTheOldestOfThatTenant() {
    calls.begin("call-1", "acme").addFinal("one");
    TestStream operator = subscribeAs(OPERATOR).awaitEvents("final", "caught-up");
    TestStream oldest = subscribeAs(AGENT).awaitEvents("final", "caught-up");
    TestStream second = subscribeAs(AGENT).awaitEvents("final", "caught-up");

    subscribeAs(AGENT).awaitEvents("final", "caught-up");

    oldest.awaitEnd().awaitEvents("final", "caught-up", "evicted");
    assertThat(second.isOver()).isFalse();
    assertThat(operator.isOver()).isFalse();
    assertThat(evictions("tenant_capacity")).isEqualTo(1);
    assertThat(evictions("capacity")).isZero();
  }

  @Test
  void staleSubscriber_isAborted() {
    calls.begin("call-1", "acme").addFinal("one");
    TestStream stale = subscribe(null).awaitEvents("final", "caught-up").stall();
    TestCall other = calls.begin("call-2", "acme").addFinal("wake");
    assertThat(other.id()).isNotEqualTo(CALL);
    clock.advance(HEARTBEAT);
    stale.awaitWriteInFlight();

    clock.advance(Duration.ofMinutes(11));

    stale.awaitEnd();
    assertThat(evictions("stale")).isEqualTo(1);
  }

  @Test
  void quietStream_getsHeartbeat() {
    calls.begin("call-1", "acme");
    TestStream stream = subscribe(null).awaitEvents("caught-up");

    clock.advance(HEARTBEAT);

    stream.awaitText("\n\n:\n\n");
  }

  @Test
  void expiredToken_evicts() {
    TestStream page = subscribePage(1, null).awaitEvents("caught-up");
    calls.begin("call-1", "acme");
    page.awaitEvents("caught-up", "call");
    TestStream stream = subscribe(null).awaitEvents("caught-up");

    clock.advance(Duration.ofMinutes(60));

    stream.awaitEnd().awaitEvents("caught-up", "evicted").awaitText("\"code\":\"expired\"");
    page.awaitEnd().awaitEvents("caught-up", "call", "evicted");
    assertThat(evictions("expired")).isEqualTo(2);
  }

  @Test
  void unusedFeed_isRemovedAndReadAgainOnDemand() {
    calls.begin("call-1", "acme").addFinal("one").end();
    subscribe(null).awaitEnd();
    assertThat(feeds()).isEqualTo(1);

    clock.advance(Duration.ofSeconds(30));

    await().until(() -> feeds() == 0);
    subscribe(null).awaitEnd().awaitEvents("final", "ended");
  }

  @Test
  void erasedCall_endsItsStream() {
    calls.begin("call-1", "acme").addFinal("one");
    TestStream stream = subscribe(null).awaitEvents("final", "caught-up");

    hub.erased(identity());

    stream.awaitEnd().awaitEvents("final", "caught-up", "erased");
    assertThat(feeds()).isZero();
  }

  @Test
  void erasedCallOfOtherTenant_leavesTheStreamsOfTheCallWithItsId() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    TestStream page = subscribePage(1, null).awaitText("\"one\"");
    TestStream stream = subscribe(null).awaitEvents("final", "caught-up");

    hub.erased(new CallIdentity(CALL, "globex", identity().started()));
    call.addFinal("two");

    page.awaitText("\"two\"");
    stream.awaitEvents("final", "caught-up", "final");
  }

  @Test
  void erasedEarlierCall_leavesTheStreamsOfTheCallWithItsId() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    TestStream page = subscribePage(1, null).awaitText("\"one\"");
    TestStream stream = subscribe(null).awaitEvents("final", "caught-up");

    hub.erased(new CallIdentity(CALL, "acme", identity().started().minusSeconds(3_600)));
    call.addFinal("two");

    page.awaitText("\"two\"");
    stream.awaitEvents("final", "caught-up", "final");
  }

  /// @param isForgotten whether the feed of the first call was removed before the second begins
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void callWithTheIdOfAnEarlierOne_isReadFromItsOwnLog(boolean isForgotten) {
    calls.begin("call-1", "globex").addFinal("secret").addLines(150).end();
    subscribeAs(OPERATOR).awaitEnd().awaitText("\"secret\"");
    if (isForgotten) {
      clock.advance(Duration.ofSeconds(30));
      await().until(() -> feeds() == 0);
    }
    assertThat(Futures.join(bus.calls().erase(CALL))).isEqualTo(EraseOutcome.ERASED);
    calls.begin("call-1", "acme").addFinal("own").addLines(150);

    TestStream stream = subscribe(null).awaitText("event: caught-up");

    assertThat(stream.words()).hasSize(151).startsWith("final:own", "final:line 0");
    assertThat(stream.text()).doesNotContain("secret", "resync");
  }

  @Test
  void page_receivesListLastLinesAndOneCallInFull() {
    calls.begin("call-1", "acme").addFinal("one").addFinal("two").addFinal("three");
    calls.begin("call-2", "acme").addFinal("four").addFinal("five").addFinal("six");
    calls.begin("call-3", "globex").addFinal("secret");

    TestStream page = subscribePage(1, CALL);

    page.awaitText("\"three\"").awaitText("\"six\"");
    await()
        .untilAsserted(() ->
            assertThat(page.words())
                .containsExactlyInAnyOrder("final:one", "final:two", "final:three", "final:six"));
    assertThat(page.text()).doesNotContain("globex", "secret", "+911234567890");
    assertThat(page.text()).contains("…7890");
  }

  @Test
  void page_receivesIdsOnlyOfTheCallInFull() {
    TestCall other = calls.begin("call-2", "acme");
    calls.begin("call-1", "acme").addFinal("one");
    TestStream page = subscribePage(2, CALL);
    page.awaitText("\"one\"");

    other.addFinal("elsewhere");

    page.awaitText("\"elsewhere\"");
    assertThat(page.text().lines().filter(line -> line.startsWith("id: "))).hasSize(1);
  }

  @Test
  void endedCalls_areSummedInMetrics() {
    subscribePage(1, null).awaitEvents("caught-up");
    calls.begin("call-0", "acme").addFinal("live");
    TestCall whole = calls.begin("call-1", "acme").addFinal("one").addFinal("two");
    TestCall holed = calls.begin("call-2", "globex").addFinal("three").addGap(3_500, "hole");
    whole.end();
    holed.end();

    await().until(() -> sum("verbatim.gateway.ended.gap") == 2.5);
    assertThat(sum("verbatim.gateway.ended.calls")).isEqualTo(2);
    assertThat(sum("verbatim.gateway.ended.received")).isEqualTo(5.5);
    assertThat(sum("verbatim.gateway.ended.transcribed")).isEqualTo(3.0);
    assertThat(meters.get("verbatim.gateway.ended.calls").tag("complete", "true").counter().count())
        .isEqualTo(1);
  }

  private double sum(String counter) {
    return meters.find(counter).counters().stream().mapToDouble(one -> one.count()).sum();
  }

  @Test
  void page_receivesCallsAsTheyBeginAndEnd() {
    TestStream page = subscribePage(1, null);
    page.awaitEvents("caught-up");

    TestCall call = calls.begin("call-1", "acme").addFinal("hello");
    page.awaitText("\"hello\"");
    call.end();

    page.awaitText("\"state\":\"ended\"");
    assertThat(page.isOver()).isFalse();
  }

  private CallIdentity identity() {
    return CallIdentity.of(Futures.join(bus.calls().find(CALL)).orElseThrow());
  }

  private Optional<FoundCall> inLog(Optional<CallRecord> call) {
    return call.map(record -> FoundCall.inLog(record, reads));
  }

  private CompletionStage<Optional<CallRecord>> find(CallId call) {
    lookups.incrementAndGet();
    return lookupsWait.thenComposeAsync(_ -> bus.calls().find(call), loop::execute);
  }

  private TestStream subscribe(@Nullable String lastEventId) {
    return new TestStream(
        loop, connection -> hub.openCall(connection, CALL, lastEventId, null, AGENT));
  }

  private TestStream subscribeAs(Viewer viewer) {
    return new TestStream(loop, connection -> hub.openCall(connection, CALL, null, null, viewer));
  }

  private TestStream subscribePage(int lines, @Nullable CallId call) {
    return new TestStream(
        loop, connection -> hub.openPage(connection, lines, call, null, null, AGENT));
  }

  private double evictions(String reason) {
    var counter = meters.find("verbatim.gateway.evictions").tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  private double feeds() {
    return meters.get("verbatim.gateway.feeds").gauge().value();
  }
}
