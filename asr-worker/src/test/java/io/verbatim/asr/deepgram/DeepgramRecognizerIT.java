package io.verbatim.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.CloseCause.Lost.Reason;
import io.verbatim.asr.recognizer.CloseCause.Unsuitable.Problem;
import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Secret;
import io.verbatim.service.Transport;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.deepgram.NumberedAudio;
import io.verbatim.testkit.deepgram.RecordedSession;
import io.verbatim.testkit.deepgram.SessionPlan;
import io.verbatim.testkit.deepgram.SessionPlan.Fault;
import io.verbatim.testkit.deepgram.SessionPlan.FinishBehavior;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeepgramRecognizerIT {
  private static final AudioFormat MONO = AudioFormat.parse("pcm16/8000/1");

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final DeepgramStandIn standIn = DeepgramStandIn.start();
  private final List<RecognizerEvent> events = new CopyOnWriteArrayList<>();
  private final EventLoop loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));
  private DeepgramRecognizer recognizer =
      recognizer(DeepgramSettings.of(standIn.url(), new Secret("secret"), "nova-3", ""));

  private DeepgramRecognizer recognizer(DeepgramSettings settings) {
    return new DeepgramRecognizer(loop, settings);
  }

  @AfterEach
  void close() {
    recognizer.close();
    loop.close();
    standIn.close();
  }

  @Test
  void session_reportsFinalsAndFinishes() {
    RecognizerSession session = open(MONO);
    send(session, MONO, 0, 75);
    await().until(() -> finals().size() == 1);

    loop.execute(session::finish);
    await().until(() -> closed() != null);

    assertThat(closed()).isEqualTo(new CloseCause.Finished(1.5));
    assertThat(String.join(" ", finals())).isEqualTo(numbers(0, 75));
    assertThat(lastSession().texts()).containsExactly("Finalize", "CloseStream");
    assertThat(standIn.violations()).isEmpty();
    await().untilAsserted(() -> assertThat(lastSession().isOpen()).isFalse());
  }

  @Test
  void handshake_hasKeyAndAudioFormat() {
    AudioFormat stereo = AudioFormat.parse("mulaw/16000/2");
    recognizer.close();
    recognizer =
        recognizer(
            DeepgramSettings.of(
                standIn.url(), new Secret("secret"), "nova-3", "endpointing=500&keyterm=a%20b"));

    open(stereo);

    assertThat(lastSession().authorization()).isEqualTo("Token secret");
    assertThat(lastSession().query())
        .containsEntry("model", "nova-3")
        .containsEntry("language", "en")
        .containsEntry("encoding", "mulaw")
        .containsEntry("sample_rate", "16000")
        .containsEntry("channels", "2")
        .containsEntry("multichannel", "true")
        .containsEntry("interim_results", "true")
        .containsEntry("endpointing", "500")
        .containsEntry("utterance_end_ms", "1000")
        .containsEntry("vad_events", "true")
        .containsEntry("keyterm", "a b");
    assertThat(events.getFirst()).isEqualTo(new RecognizerEvent.Opened("stand-in-0"));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 402, 403})
  void refusedProcess_isDenied(int status) {
    standIn.script(SessionPlan.rejecting(status, "ASR_PAYMENT_REQUIRED"));

    start(MONO);
    await().until(() -> closed() != null);

    assertThat(closed())
        .isEqualTo(new CloseCause.Denied(status, "ASR_PAYMENT_REQUIRED (request stand-in-0)"));
  }

  @Test
  void refusedRequest_isUnsuitable() {
    standIn.script(SessionPlan.rejecting(400, "Bad Request: unsupported sample rate"));

    start(MONO);
    await().until(() -> closed() != null);

    assertThat(closed()).isInstanceOf(CloseCause.Unsuitable.class);
  }

  @Test
  void status429_isBusyAnd503IsLost() {
    standIn.script(SessionPlan.rejecting(429, "TOO_MANY_REQUESTS"), SessionPlan.rejecting(503, ""));

    start(MONO);
    await().until(() -> closed() != null);
    assertThat(closed()).isInstanceOf(CloseCause.Busy.class);

    events.clear();
    start(MONO);
    await().until(() -> closed() != null);
    assertThat(closed()).isInstanceOf(CloseCause.Lost.class);
  }

  @Test
  void closedPort_isLost() {
    standIn.close();

    start(MONO);
    await().until(() -> closed() != null);

    assertThat(closed()).isInstanceOf(CloseCause.Lost.class);
  }

  @Test
  void droppedConnection_isLostAs1006() {
    standIn.script(SessionPlan.regular().after(10, new Fault.Drop()));

    send(open(MONO), MONO, 0, 10);
    await().until(() -> closed() != null);

    assertThat(closed())
        .isInstanceOfSatisfying(
            CloseCause.Lost.class, lost -> assertThat(lost.code()).isEqualTo(1006));
  }

  @Test
  void close_isClassifiedByReasonToken() {
    standIn.script(
        SessionPlan.regular().after(10, new Fault.Close(1011, "NET-0001 no audio")),
        SessionPlan.regular().after(10, new Fault.Close(1008, "DATA-0000 not audio")));

    send(open(MONO), MONO, 0, 10);
    await().until(() -> closed() != null);
    assertThat(closed()).isEqualTo(new CloseCause.Lost(Reason.NET_0001, 1011, "NET-0001 no audio"));

    events.clear();
    send(open(MONO), MONO, 0, 10);
    await().until(() -> closed() != null);
    assertThat(closed())
        .isEqualTo(new CloseCause.Unsuitable(Problem.NOT_AUDIO, "DATA-0000 not audio"));
  }

  @Test
  void invalidMessages_doNotEndSession() {
    standIn.script(SessionPlan.regular().after(5, new Fault.SendInvalidMessages()));

    RecognizerSession session = open(MONO);
    send(session, MONO, 0, 20);
    loop.execute(session::finish);
    await().until(() -> closed() != null);

    assertThat(closed()).isInstanceOf(CloseCause.Finished.class);
    assertThat(events).filteredOn(RecognizerEvent.Signal.class::isInstance).hasSizeGreaterThan(5);
  }

  @Test
  void noMetadataAfterCloseStream_endsAtTimeout() {
    use(Duration.ofSeconds(4), Duration.ofMillis(200));
    standIn.script(SessionPlan.regular().finishing(FinishBehavior.NO_METADATA));

    RecognizerSession session = open(MONO);
    send(session, MONO, 0, 20);
    loop.execute(session::finish);
    await().until(() -> closed() != null);

    assertThat(closed()).isInstanceOf(CloseCause.Lost.class);
    await().untilAsserted(() -> assertThat(lastSession().isOpen()).isFalse());
  }

  @Test
  void noAudio_sendsKeepAliveTextAndKeepsSession() {
    use(Duration.ofMillis(100), Duration.ofSeconds(5));
    standIn.script(SessionPlan.regular().idleLimit(Duration.ofMillis(400)));

    RecognizerSession session = open(MONO);
    await().until(() -> lastSession().texts().size() >= 6);
    loop.execute(() -> session.send(new byte[0], 0, 0));
    loop.execute(session::finish);
    await().until(() -> closed() != null);

    assertThat(closed()).isEqualTo(new CloseCause.Finished(0.0));
    assertThat(lastSession().texts()).contains("KeepAlive").endsWith("Finalize", "CloseStream");
    assertThat(standIn.violations()).isEmpty();
  }

  @Test
  void droppedSession_sendsNothingAndClosesSocket() {
    RecognizerSession session = open(MONO);
    send(session, MONO, 0, 60);

    loop.execute(session::drop);

    await().untilAsserted(() -> assertThat(lastSession().isOpen()).isFalse());
    assertThat(closed()).isNull();
    assertThat(lastSession().texts()).isEmpty();
  }

  @Test
  void apiKey_isNotPrinted() {
    assertThat(DeepgramSettings.of(standIn.url(), new Secret("secret"), "nova-3", "").toString())
        .doesNotContain("secret");
  }

  private void use(Duration keepAliveAfter, Duration finishTimeout) {
    recognizer.close();
    recognizer =
        recognizer(
            new DeepgramSettings(
                standIn.url(), new Secret("secret"), "nova-3", "", keepAliveAfter, finishTimeout));
  }

  private RecognizerSession start(AudioFormat format) {
    return onLoop(() -> recognizer.open(new SessionRequest(format, "en"), LIMIT, events::add));
  }

  private RecognizerSession open(AudioFormat format) {
    RecognizerSession session = start(format);
    await().until(() -> events.stream().anyMatch(RecognizerEvent.Opened.class::isInstance));
    return session;
  }

  private void send(RecognizerSession session, AudioFormat format, int first, int count) {
    byte[] audio = NumberedAudio.of(format.toString()).frames(first, count);
    int size = audio.length / count;
    for (int i = 0; i < count; i++) {
      int offset = i * size;
      loop.execute(() -> session.send(audio, offset, size));
    }
  }

  private <T> T onLoop(Supplier<T> request) {
    return CompletableFuture.supplyAsync(request, loop::execute).join();
  }

  private RecordedSession lastSession() {
    return standIn.sessions().getLast();
  }

  private List<String> finals() {
    return events.stream()
        .filter(RecognizerEvent.Result.class::isInstance)
        .map(event -> ((RecognizerEvent.Result) event).hypothesis())
        .filter(Hypothesis::isFinal)
        .map(Hypothesis::text)
        .toList();
  }

  private @Nullable CloseCause closed() {
    return events.stream()
        .filter(RecognizerEvent.Closed.class::isInstance)
        .map(event -> ((RecognizerEvent.Closed) event).cause())
        .findFirst()
        .orElse(null);
  }

  private static String numbers(int from, int to) {
    StringBuilder numbers = new StringBuilder();
    for (int i = from; i < to; i++) {
      numbers.append(i == from ? "" : " ").append(i);
    }
    return numbers.toString();
  }
}
