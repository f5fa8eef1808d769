package io.verbatim.ingest.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.verbatim.ingest.auth.Caller.TokenHolder;
import io.verbatim.ingest.call.BacklogQuota;
import io.verbatim.ingest.call.BlockPool;
import io.verbatim.ingest.call.CallContext;
import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.call.CallSettings;
import io.verbatim.ingest.call.ManualDelays;
import io.verbatim.ingest.call.ScriptedAudioLog;
import io.verbatim.ingest.exotel.ExotelDialect;
import io.verbatim.ingest.exotel.ExotelHints;
import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.ingest.pcm.PcmDialect;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections of both dialects with a log that answers before the request returns, which real logs
/// do occasionally.
class CallConnectionTest {
  private static final String EXOTEL_START =
      "{\"event\":\"start\",\"start\":{\"call_sid\":\"c1\"}}";
  private static final String EXOTEL_STOP =
      "{\"event\":\"stop\",\"stop\":{\"reason\":\"callended\"}}";
  private static final String PCM_START =
      "{\"event\":\"start\",\"interaction_id\":\"c1\",\"tenant_id\":\"t1\",\"sample_rate\":8000,"
          + "\"encoding\":\"pcm16\"}";

  private static final Duration SESSION = Duration.ofMinutes(10);

  private final InMemoryBus bus = new InMemoryBus();
  private final ScriptedAudioLog log = new ScriptedAudioLog();
  private final RecordedChannel channel = new RecordedChannel();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final IngestMetrics metrics = new IngestMetrics(meters);
  private final ManualDelays time = new ManualDelays();
  private final CallRegistry calls =
      new CallRegistry(
          1,
          1,
          new CallContext(
              log,
              () -> !log.isAway(),
              new BacklogQuota(Long.MAX_VALUE),
              new BlockPool(Long.MAX_VALUE),
              time,
              time,
              RandomGenerator.getDefault(),
              metrics,
              new CallSettings(
                  64 * 1024, Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1))),
          () -> "writer");
  private long seconds;

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void exotelStop_closesWith1000AfterTwoSeconds() {
    CallConnection exotel = exotel();
    text(exotel, EXOTEL_START);
    text(exotel, EXOTEL_STOP);
    exotel.tick();
    assertThat(log.ends()).containsExactly("0 callended");
    assertThat(channel.done()).isEmpty();

    tickAt(exotel, 2);

    assertThat(channel.done()).containsExactly("close 1000 stopped");
  }

  @Test
  void exotelWithoutMedia_closesWith1001AndEndsTheCall() {
    CallConnection exotel = exotel();
    text(exotel, EXOTEL_START);

    tickAt(exotel, 30);
    exotel.closed(1001);

    assertThat(channel.done()).singleElement().asString().startsWith("close 1001 media_timeout");
    assertThat(log.ends()).containsExactly("0 media_timeout");
  }

  @Test
  void exotelConnectionLost_endsTheCallOnce() {
    CallConnection exotel = exotel();
    text(exotel, EXOTEL_START);

    exotel.closed(1006);
    calls.endAll("shutdown");

    assertThat(log.ends()).containsExactly("0 socket_lost");
    assertThat(channel.done()).isEmpty();
  }

  @Test
  void exotelShutdown_closesWith1012() {
    text(exotel(), EXOTEL_START);

    calls.endAll("shutdown");

    assertThat(log.ends()).containsExactly("0 shutdown");
    assertThat(channel.done()).singleElement().asString().startsWith("close 1012 shutdown");
  }

  @Test
  void exotelCallBeyondMaxCalls_closesWith1013() {
    text(exotel(), EXOTEL_START);

    text(exotel(), EXOTEL_START);

    assertThat(channel.done()).singleElement().asString().startsWith("close 1013 too_many_calls");
  }

  @Test
  void pcmStop_isAnsweredAfterAllFramesAreStored() {
    CallConnection pcm = pcm();
    text(pcm, PCM_START);
    binary(pcm, new byte[320]);
    text(pcm, "{\"event\":\"stop\"}");

    assertThat(log.ends()).containsExactly("320 stop");
    assertThat(channel.done())
        .containsExactly(
            "{\"event\":\"started\",\"interaction_id\":\"c1\",\"next_seq\":1}",
            "{\"event\":\"ack\",\"seq\":1}",
            "{\"event\":\"stopped\",\"frames\":1}",
            "close 1000 stopped");
  }

  @Test
  void pcmWithoutMedia_closesWith1001WithoutStopped() {
    CallConnection pcm = pcm();
    text(pcm, PCM_START);

    tickAt(pcm, 30);
    pcm.closed(1001);

    assertThat(log.ends()).containsExactly("0 media_timeout");
    assertThat(channel.done().getLast()).startsWith("close 1001 media_timeout");
    assertThat(channel.done()).noneMatch(done -> done.contains("stopped"));
  }

  @Test
  void pcmShutdown_closesWith1012() {
    text(pcm(), PCM_START);

    calls.endAll("shutdown");

    assertThat(log.ends()).containsExactly("0 shutdown");
    assertThat(channel.done().getLast()).startsWith("close 1012 shutdown");
  }

  @Test
  void pcmOpenWithoutAnswer_closesWith1013() {
    log.away(true);
    CallConnection pcm = pcm();
    text(pcm, PCM_START);
    assertThat(channel.isReading()).isFalse();

    tickAt(pcm, 10);

    assertThat(channel.done()).hasSize(2);
    assertThat(channel.done().getLast()).startsWith("close 1013 log_unavailable");
    assertThat(calls.size()).isZero();
  }

  @Test
  void pcmFencedWriter_closesWith1008() {
    CallConnection pcm = pcm();
    text(pcm, PCM_START);
    log.fence();

    binary(pcm, new byte[320]);

    assertThat(log.ends()).isEmpty();
    assertThat(channel.done().getLast()).startsWith("close 1008 superseded");
  }

  @Test
  void lostAcknowledgedFrames_areReported() {
    log.holds(6 * 320, 6, 0);
    CallConnection pcm = pcm();

    text(pcm, PCM_START.replace("{", "{\"resume_from\":11,"));

    assertThat(channel.done().getFirst())
        .contains("frames_lost", "up to 6 only, not up to 10", "Continue with frame 7");
    assertThat(channel.done().get(1)).contains("\"next_seq\":7");
    assertThat(
            meters
                .get("verbatim.ingest.protocol.violations")
                .tag("kind", "frames_lost")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void messagesOfConnectionLostBeforeResumption_areDropped() {
    String resume = PCM_START.replace("{", "{\"resume_from\":3,");
    log.holds(2 * 320, 2, 0);
    log.hold();
    CallConnection lost = pcm();
    text(lost, resume);
    for (int frame = 0; frame < 4; frame++) {
      binary(lost, new byte[320]);
    }
    text(lost, "{\"event\":\"stop\"}");
    lost.closed(1006);

    log.release();

    assertThat(meters.get("verbatim.ingest.stored").counter().count()).isZero();
    assertThat(log.ends()).isEmpty();
    CallConnection next = pcm();
    text(next, resume);
    binary(next, new byte[320]);
    assertThat(channel.done().getLast()).contains("\"next_seq\":3");
    assertThat(meters.get("verbatim.ingest.stored").counter().count()).isEqualTo(320);
  }

  @Test
  void callEndedElsewhere_closesWith1011() {
    CallConnection pcm = pcm();
    text(pcm, PCM_START);
    binary(pcm, new byte[320]);
    log.endElsewhere();

    binary(pcm, new byte[640]);

    assertThat(log.ends()).isEmpty();
    assertThat(channel.done().getLast()).startsWith("close 1011 ended");
    assertThat(meters.get("verbatim.ingest.stored").counter().count()).isEqualTo(320);
    assertThat(dropped()).isEqualTo(640);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exotel", "pcm"})
  void callerWithinItsBurst_isNotPaused(String name) {
    CallConnection connection = started(name);

    for (int second = 0; second < 59; second++) {
      sendOneSecond(connection, name);
      assertThat(channel.isReading()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exotel", "pcm"})
  void callerBeyondItsRateLimit_isPausedAndNotClosed(String name) {
    CallConnection connection = started(name);
    for (int second = 0; second < 80 && channel.isReading(); second++) {
      sendOneSecond(connection, name);
    }

    assertThat(channel.isReading()).isFalse();
    assertThat(meters.get("verbatim.ingest.rate.limited").tag("source", name).counter().count())
        .isEqualTo(1);

    tickAt(connection, 1);

    assertThat(channel.isReading()).isTrue();
    assertThat(channel.done()).noneMatch(done -> done.startsWith("close"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exotel", "pcm"})
  void messagesWithoutAudio_countForTheRateLimit(String name) {
    CallConnection connection = started(name);
    String message = name.equals("pcm") ? "{\"event\":\"x\"}" : "{\"event\":\"mark\"}";
    int sent = 0;
    while (channel.isReading()) {
      text(connection, message);
      sent++;
    }

    assertThat(sent).isBetween(59_000, 60_001);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exotel", "pcm"})
  void callerFasterThanTheLog_isPausedUntilThereIsRoom(String name) {
    CallConnection connection = started(name);
    log.hold();
    for (int second = 0; second < 10 && channel.isReading(); second++) {
      sendOneSecond(connection, name);
    }
    assertThat(channel.isReading()).isFalse();

    log.release();

    assertThat(channel.isReading()).isTrue();
    assertThat(dropped()).isZero();
  }

  @Test
  void pausedExotelAndOutage_resumesReading() {
    CallConnection connection = started("exotel");
    log.hold();
    for (int second = 0; second < 10 && channel.isReading(); second++) {
      sendOneSecond(connection, "exotel");
    }
    log.away(true);

    tickAt(connection, 1);
    assertThat(channel.isReading()).isTrue();
    sendOneSecond(connection, "exotel");

    assertThat(channel.isReading()).isTrue();
    assertThat(dropped()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exotel", "pcm"})
  void sessionBeyondItsTimeout_closesWith1013(String name) {
    CallConnection connection = started(name);
    for (long second = 5; second < SESSION.toSeconds(); second += 5) {
      sendOneSecond(connection, name);
      tickAt(connection, second);
    }
    assertThat(channel.done()).noneMatch(done -> done.startsWith("close"));

    tickAt(connection, SESSION.toSeconds());

    assertThat(channel.done()).anyMatch(done -> done.startsWith("close 1013 session_timeout"));
    assertThat(log.ends()).singleElement().asString().endsWith(" session_timeout");
  }

  private CallConnection started(String name) {
    CallConnection connection = name.equals("pcm") ? pcm() : exotel();
    text(connection, name.equals("pcm") ? PCM_START : EXOTEL_START);
    return connection;
  }

  /// One second of audio at 8 kHz.
  private static void sendOneSecond(CallConnection connection, String name) {
    byte[] audio = new byte[16_000];
    if (name.equals("pcm")) {
      binary(connection, audio);
    } else {
      String base64 = Base64.getEncoder().encodeToString(audio);
      text(connection, "{\"event\":\"media\",\"media\":{\"payload\":\"" + base64 + "\"}}");
    }
  }

  private static void text(CallConnection connection, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    connection.text(bytes, bytes.length);
  }

  private static void binary(CallConnection connection, byte[] content) {
    connection.binary(Unpooled.wrappedBuffer(content));
  }

  private double dropped() {
    return meters.find("verbatim.ingest.dropped").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private CallConnection exotel() {
    return connection(it -> new ExotelDialect(it, ExotelHints.NONE, Optional.empty()));
  }

  private CallConnection pcm() {
    TokenHolder anyCall =
        new TokenHolder(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    return connection(it -> new PcmDialect(it, anyCall, 10, Optional.empty()));
  }

  private CallConnection connection(Function<CallConnection, Dialect> dialects) {
    ConnectionTimeouts timeouts =
        new ConnectionTimeouts(
            of(10), of(5), of(30), Duration.ofHours(1), Duration.ofHours(1), of(30), SESSION);
    ConnectionContext context =
        new ConnectionContext(
            calls,
            bus.transcripts(),
            timeouts,
            new RateLimit(of(60), 2),
            256 * 1024,
            metrics,
            _ -> false,
            InstantSource.fixed(Instant.EPOCH),
            () -> Duration.ofSeconds(seconds).toNanos());
    return new CallConnection(channel, context, dialects);
  }

  private void tickAt(CallConnection connection, long second) {
    seconds = second;
    connection.tick();
  }

  private static Duration of(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
