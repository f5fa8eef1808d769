package io.verbatim.ingest.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.ingest.auth.Caller.TokenHolder;
import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.call.CallSettings;
import io.verbatim.ingest.call.CallTools;
import io.verbatim.ingest.call.ScriptedAudioLog;
import io.verbatim.ingest.call.UnreadAudio;
import io.verbatim.ingest.exotel.ExotelConnection;
import io.verbatim.ingest.exotel.ExotelHints;
import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.ingest.pcm.PcmConnection;
import io.verbatim.ingest.websocket.Dialect;
import io.verbatim.ingest.websocket.DialectTools;
import io.verbatim.ingest.websocket.SocketPace;
import io.verbatim.ingest.websocket.SocketTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionsTest {
  private static final String EXOTEL_START =
      "{\"event\":\"start\",\"start\":{\"call_sid\":\"c1\"}}";
  private static final String EXOTEL_STOP =
      "{\"event\":\"stop\",\"stop\":{\"reason\":\"callended\"}}";
  private static final String PCM_START =
      "{\"event\":\"start\",\"interaction_id\":\"c1\",\"tenant_id\":\"t1\",\"sample_rate\":8000,"
          + "\"encoding\":\"pcm16\"}";

  private static final Duration SESSION = Duration.ofMinutes(10);

  private final ScriptedAudioLog log = new ScriptedAudioLog();
  private final RecordedSocket socket = new RecordedSocket();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final IngestMetrics metrics = new IngestMetrics(meters);
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final CallRegistry calls =
      new CallRegistry(
          1,
          1,
          new CallTools(
              log,
              new UnreadAudio(Long.MAX_VALUE),
              timer,
              InstantSource.fixed(Instant.EPOCH),
              RandomGenerator.getDefault(),
              metrics,
              new CallSettings(
                  64 * 1024, Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1))),
          () -> "writer");
  private long seconds;

  @AfterEach
  void stopTimer() {
    timer.shutdownNow();
  }

  @Test
  void exotelStop_leavesThePeerTwoSecondsToClose() {
    Dialect exotel = exotel();
    exotel.text(EXOTEL_START);
    exotel.text(EXOTEL_STOP);
    exotel.tick();
    assertThat(log.ends()).containsExactly("0 callended");
    assertThat(socket.done()).isEmpty();

    tickAt(exotel, 2);

    assertThat(socket.done()).containsExactly("close 1000 stopped");
  }

  @Test
  void exotelSilence_endsTheCallWith1001() {
    Dialect exotel = exotel();
    exotel.text(EXOTEL_START);

    tickAt(exotel, 30);
    exotel.closed(1001);

    assertThat(socket.done()).containsExactly("close 1001 media_timeout");
    assertThat(log.ends()).containsExactly("0 media_timeout");
  }

  @Test
  void exotelLineThatDrops_endsTheCallOnce() {
    Dialect exotel = exotel();
    exotel.text(EXOTEL_START);

    exotel.closed(1006);
    calls.endAll("shutdown");

    assertThat(log.ends()).containsExactly("0 socket_lost");
    assertThat(socket.done()).isEmpty();
  }

  @Test
  void exotelShutdown_closesWith1012() {
    exotel().text(EXOTEL_START);

    calls.endAll("shutdown");

    assertThat(log.ends()).containsExactly("0 shutdown");
    assertThat(socket.done()).containsExactly("close 1012 shutdown");
  }

  @Test
  void exotelCallBeyondTheLimit_closesWith1013() {
    exotel().text(EXOTEL_START);

    exotel().text(EXOTEL_START);

    assertThat(socket.done()).containsExactly("close 1013 too_many_calls");
  }

  @Test
  void pcmStop_isAnsweredWhenAllIsStored() {
    Dialect pcm = pcm();
    pcm.text(PCM_START);
    pcm.binary(new byte[320]);
    pcm.text("{\"event\":\"stop\"}");

    assertThat(log.ends()).containsExactly("320 stop");
    assertThat(socket.done())
        .containsExactly(
            "{\"event\":\"started\",\"interaction_id\":\"c1\",\"next_seq\":1}",
            "{\"event\":\"ack\",\"seq\":1}",
            "{\"event\":\"stopped\",\"frames\":1}",
            "close 1000 stopped");
  }

  @Test
  void pcmSilence_isNotMistakenForAStop() {
    Dialect pcm = pcm();
    pcm.text(PCM_START);

    tickAt(pcm, 30);
    pcm.closed(1001);

    assertThat(log.ends()).containsExactly("0 media_timeout");
    assertThat(socket.done().getLast()).isEqualTo("close 1001 media_timeout");
    assertThat(socket.done()).noneMatch(done -> done.contains("stopped"));
  }

  @Test
  void pcmShutdown_closesWith1012() {
    pcm().text(PCM_START);

    calls.endAll("shutdown");

    assertThat(log.ends()).containsExactly("0 shutdown");
    assertThat(socket.done().getLast()).isEqualTo("close 1012 shutdown");
  }

  @Test
  void pcmLogThatDoesNotAnswer_isToldOnce() {
    log.away(true);
    Dialect pcm = pcm();
    assertThat(pcm.text(PCM_START).toCompletableFuture()).isNotDone();

    tickAt(pcm, 10);

    assertThat(socket.done()).hasSize(2);
    assertThat(socket.done().getLast()).isEqualTo("close 1013 log_unavailable");
    assertThat(calls.size()).isZero();
  }

  @Test
  void pcmFencedWriter_isSuperseded() {
    Dialect pcm = pcm();
    pcm.text(PCM_START);
    log.fence();

    pcm.binary(new byte[320]);

    assertThat(log.ends()).isEmpty();
    assertThat(socket.done().getLast()).isEqualTo("close 1008 superseded");
  }

  @Test
  void acknowledgedFramesTheLogHasLost_areTold() {
    log.holds(6 * 320, 6, 0);
    Dialect pcm = pcm();

    pcm.text(PCM_START.replace("{", "{\"resume_from\":11,"));

    assertThat(socket.done().getFirst())
        .contains("frames_lost", "up to 6 only, not up to 10", "go on with frame 7");
    assertThat(socket.done().get(1)).contains("\"next_seq\":7");
    assertThat(meters.get("verbatim.ingest.oddities").tag("kind", "frames_lost").counter().count())
        .isEqualTo(1);
  }

  @Test
  void callEndedElsewhere_closesWith1011() {
    Dialect pcm = pcm();
    pcm.text(PCM_START);
    pcm.binary(new byte[320]);
    log.endElsewhere();

    pcm.binary(new byte[640]);

    assertThat(log.ends()).isEmpty();
    assertThat(socket.done().getLast()).isEqualTo("close 1011 ended");
    assertThat(meters.get("verbatim.ingest.stored").counter().count()).isEqualTo(320);
    assertThat(meters.get("verbatim.ingest.dropped").counter().count()).isEqualTo(640);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exotel", "pcm"})
  void callerWithinItsBurst_isReadOn(String name) {
    Dialect dialect = started(name);

    for (int second = 0; second < 59; second++) {
      assertThat(sendsASecond(dialect, name)).isDone();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exotel", "pcm"})
  void callerFarAheadOfRealTime_waitsAndIsNotClosed(String name) {
    Dialect dialect = started(name);
    CompletableFuture<Void> readOn = sendsASecond(dialect, name);
    for (int second = 1; second < 80 && readOn.isDone(); second++) {
      readOn = sendsASecond(dialect, name);
    }

    assertThat(readOn).isNotDone();
    assertThat(meters.get("verbatim.ingest.held.back").tag("source", name).counter().count())
        .isEqualTo(1);

    tickAt(dialect, 1);

    assertThat(readOn).isDone();
    assertThat(socket.done()).noneMatch(done -> done.startsWith("close"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exotel", "pcm"})
  void callerThatWaits_isLetGoWhenItsLineIsLost(String name) {
    Dialect dialect = started(name);
    CompletableFuture<Void> readOn = sendsASecond(dialect, name);
    while (readOn.isDone()) {
      readOn = sendsASecond(dialect, name);
    }

    dialect.closed(1006);

    assertThat(readOn).isDone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exotel", "pcm"})
  void emptyMessages_countToo(String name) {
    Dialect dialect = started(name);
    String message = name.equals("pcm") ? "{\"event\":\"x\"}" : "{\"event\":\"mark\"}";
    int sent = 0;
    while (dialect.text(message).toCompletableFuture().isDone()) {
      sent++;
    }

    assertThat(sent).isBetween(59_000, 60_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exotel", "pcm"})
  void sessionThatLastsForEver_isEnded(String name) {
    Dialect dialect = started(name);
    for (long second = 5; second < SESSION.toSeconds(); second += 5) {
      sendsASecond(dialect, name);
      tickAt(dialect, second);
    }
    assertThat(socket.done()).noneMatch(done -> done.startsWith("close"));

    tickAt(dialect, SESSION.toSeconds());

    assertThat(socket.done()).anyMatch(done -> done.startsWith("close 1013 session_timeout"));
    assertThat(log.ends()).singleElement().asString().endsWith(" session_timeout");
  }

  private Dialect started(String name) {
    Dialect dialect = name.equals("pcm") ? pcm() : exotel();
    dialect.text(name.equals("pcm") ? PCM_START : EXOTEL_START);
    return dialect;
  }

  /// One second of audio at 8 kHz.
  private static CompletableFuture<Void> sendsASecond(Dialect dialect, String name) {
    byte[] audio = new byte[16_000];
    String base64 = Base64.getEncoder().encodeToString(audio);
    CompletionStage<Void> readOn =
        name.equals("pcm")
            ? dialect.binary(audio)
            : dialect.text("{\"event\":\"media\",\"media\":{\"payload\":\"" + base64 + "\"}}");
    return readOn.toCompletableFuture();
  }

  private Dialect exotel() {
    return new ExotelConnection(socket, tools(), ExotelHints.NONE, Optional.empty());
  }

  private Dialect pcm() {
    return new PcmConnection(
        socket, tools(), new TokenHolder(Optional.empty(), Optional.empty()), 10);
  }

  private DialectTools tools() {
    SocketTimes times =
        new SocketTimes(of(10), of(5), of(30), Duration.ofHours(1), Duration.ofHours(1), SESSION);
    return new DialectTools(
        calls,
        times,
        new SocketPace.Limits(of(60), 2),
        metrics,
        InstantSource.fixed(Instant.EPOCH),
        () -> Duration.ofSeconds(seconds).toNanos());
  }

  private void tickAt(Dialect dialect, long second) {
    seconds = second;
    dialect.tick();
  }

  private static Duration of(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
