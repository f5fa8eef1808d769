package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.StalledSocket;
import io.verbatim.gateway.fixture.TestBus;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.Bus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A transcript of several megabytes, read by many clients with one megabyte of memory.
@ExtendWith(RedisExtension.class)
class LongTranscriptIT {

  private static final String AGENT = TestTokens.agentOf("acme");
  private static final String STREAM = "/v1/calls/call-1/transcript";
  private static final int LINES = 20_000;
  private static final long FEED_MEMORY = 1024 * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Pattern LINE = Pattern.compile("\"text\":\"line (\\d+)\",\"confidence\"");
  private static final Pattern ID = Pattern.compile("^id: (.*)$", Pattern.MULTILINE);

  private final RedisServer redis;
  private final Bus bus;
  private final CallFixture calls;
  private final RunningGateway gateway;
  private TestCall call;

  LongTranscriptIT(RedisServer redis) {
    this.redis = redis;
    this.bus = TestBus.on(redis.url());
    this.calls = new CallFixture(bus);
    this.gateway = RunningGateway.on(redis.url(), Map.of("FEED_MEMORY", "1MB"));
  }

  @BeforeEach
  void begin() {
    call = calls.begin("call-1", "acme");
    await().until(() -> gateway.get("/actuator/health/readiness", "").statusCode() == 200);
  }

  @AfterEach
  void close() {
    gateway.close();
    calls.close();
    bus.close();
  }

  @Test
  void subscribersFromStart_getEveryLineOnceWithinFeedMemory() {
    call.addLines(LINES).end();

    List<CompletableFuture<HttpResponse<String>>> streams =
        IntStream.range(0, 5).mapToObj(_ -> gateway.getAsync(STREAM, AGENT)).toList();

    for (CompletableFuture<HttpResponse<String>> stream : streams) {
      await()
          .atMost(TIMEOUT)
          .until(() -> {
            assertThat(feedBytes()).isLessThanOrEqualTo(FEED_MEMORY);
            return stream.isDone();
          });
      assertThat(lines(stream.join().body())).isEqualTo(linesFrom(0));
    }
    assertThat(feedBytes()).isPositive();
  }

  @Test
  void resumeFarBehindWindow_continuesThere() {
    call.addLines(LINES).end();
    String body = get(STREAM).body();
    String id = ID.matcher(body).results().skip(9).findFirst().orElseThrow().group(1);

    String resumed = get(STREAM, "Last-Event-ID", id).body();

    assertThat(resumed).doesNotContain("event: resync");
    assertThat(lines(resumed)).isEqualTo(linesFrom(10));
  }

  @Test
  void idOfOtherHistoryFarBehind_causesResync() {
    call.addLines(1_000).end();
    String id = ID.matcher(get(STREAM).body()).results().findFirst().orElseThrow().group(1);
    String other = id.substring(0, id.indexOf('.')) + ".0123456789ab";

    String resumed = get(STREAM, "Last-Event-ID", other).body();

    assertThat(resumed).contains("event: resync");
    assertThat(lines(resumed)).hasSize(1_000);
  }

  @Test
  void linesAddedWhileHistoryIsSent_followHistory() {
    call.addLines(LINES / 2);
    CompletableFuture<HttpResponse<String>> stream = gateway.getAsync(STREAM, AGENT);
    for (int i = 0; i < 10; i++) {
      call.addLines(50);
    }
    call.end();

    await().atMost(TIMEOUT).until(stream::isDone);
    List<Integer> received = lines(stream.join().body());
    assertThat(received.subList(0, LINES / 2)).isEqualTo(linesFrom(0).subList(0, LINES / 2));
    assertThat(received).hasSize(LINES / 2 + 500);
  }

  @ParameterizedTest
  @CsvSource({"json,20000", "txt,20000", "vtt,20000", "srt,20000"})
  void export_isCompleteAndNotCached(String format, int lines) {
    call.addLines(lines).end();

    HttpResponse<String> document = get(STREAM + "?format=" + format);

    assertThat(document.statusCode()).isEqualTo(200);
    assertThat(
            Pattern.compile("line \\d+").matcher(document.body()).results().map(MatchResult::group))
        .as("JSON has the words as well")
        .hasSize(format.equals("json") ? 2 * lines : lines);
    assertThat(feedBytes()).isZero();
  }

  @Test
  void exportToStalledClient_stopsReadingTheLog() throws IOException {
    call.addLines(LINES).end();
    long before = reads();
    int pages = LINES / 100;

    try (StalledSocket stalled = new StalledSocket(gateway.uri(STREAM + "?format=json"), AGENT)) {
      stalled.readUntil("line 0");
      await().during(Duration.ofSeconds(2)).atMost(TIMEOUT).until(() -> reads() > before + pages);

      assertThat(reads()).isLessThan(before + pages + pages / 2);
    }
  }

  @Test
  void historyReplacedDuringExport_closesConnection() throws IOException {
    call.addLines(LINES).end();
    try (StalledSocket stalled = new StalledSocket(gateway.uri(STREAM + "?format=json"), AGENT)) {
      stalled.readUntil("line 0");
      redis.commands().flushall();

      assertThat(stalled.readToEnd()).doesNotEndWith("0\r\n\r\n");
    }
    assertThat(counter("verbatim.gateway.exports.aborted")).isEqualTo(1);
  }

  @Test
  void wall_readsOnlyLastLinesOfACall() {
    call.addLines(LINES / 10);

    try (var page = gateway.events("/v1/live?lines=2", AGENT)) {
      page.awaitFinals("line 1998", "line 1999");
    }

    assertThat(counter("verbatim.gateway.events.encoded")).isLessThan(100);
  }

  private HttpResponse<String> get(String path, String... headers) {
    CompletableFuture<HttpResponse<String>> answer = gateway.getAsync(path, AGENT, headers);
    await().atMost(TIMEOUT).until(answer::isDone);
    return answer.join();
  }

  private static List<Integer> linesFrom(int first) {
    return IntStream.range(first, LINES).boxed().toList();
  }

  private static List<Integer> lines(String body) {
    return LINE.matcher(body).results().map(line -> Integer.valueOf(line.group(1))).toList();
  }

  private double feedBytes() {
    return gateway.bean(MeterRegistry.class).get("verbatim.gateway.feed").gauge().value();
  }

  private double counter(String name) {
    return gateway.bean(MeterRegistry.class).get(name).counter().count();
  }

  private long reads() {
    var calls =
        Pattern.compile("cmdstat_xrange:calls=(\\d+)")
            .matcher(redis.commands().info("commandstats"));
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }
}
