package io.verbatim.local.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.verbatim.local.audio.AudioCoding;
import io.verbatim.local.audio.WavFile;
import io.verbatim.local.sample.SampleCall;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ExotelCallerTest {
  private static final WavFile HALF_A_SECOND =
      SampleCall.load().sound().first(Duration.ofMillis(510));

  private final FakeIngest ingest = new FakeIngest(_ -> "");
  private final ExotelCaller caller = new ExotelCaller(ingest.uri(), "user", "secret", "acme1");

  @AfterEach
  void close() {
    ingest.close();
  }

  @Test
  void call_sendsExotelsMessageSequence() throws Exception {
    OngoingCall call = caller.call(HALF_A_SECOND);
    CallEnd end = call.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
    ingest.closed.get(10, TimeUnit.SECONDS);

    assertThat(ingest.handshake.join().get("Authorization")).isEqualTo("Basic dXNlcjpzZWNyZXQ=");
    assertThat(ingest.texts)
        .extracting(text -> text.path("event").asString())
        .startsWith("connected", "start", "media");
    assertThat(ingest.texts.getLast().path("event").asString()).isEqualTo("stop");
    assertThat(end.framesSent()).isEqualTo(26);
    assertThat(ingest.texts).hasSize(26 + 3);
    assertThat(audio()).isEqualTo(HALF_A_SECOND.data());
  }

  @Test
  void start_hasTheWireForm() throws Exception {
    OngoingCall call = caller.call(HALF_A_SECOND);
    call.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
    ingest.closed.get(10, TimeUnit.SECONDS);

    JsonNode start = ingest.texts.get(1);
    assertThat(start.path("sequence_number").stringValue()).isEqualTo("1");
    assertThat(start.path("start").path("call_sid").stringValue())
        .isEqualTo(call.callId())
        .matches("[0-9a-z]{32}");
    assertThat(start.path("start").path("stream_sid")).isEqualTo(start.path("stream_sid"));
    assertThat(start.path("start").path("account_sid").stringValue()).isEqualTo("acme1");
    assertThat(start.path("start").path("media_format").toString())
        .isEqualTo("{\"encoding\":\"base64\",\"sample_rate\":\"8000\",\"bit_rate\":\"128kbps\"}");
  }

  @Test
  void numbers_areIncreasingStrings() throws Exception {
    caller.call(HALF_A_SECOND).ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
    ingest.closed.get(10, TimeUnit.SECONDS);

    JsonNode third = media().get(2);
    assertThat(third.path("sequence_number").stringValue()).isEqualTo("4");
    assertThat(third.path("media").path("chunk").stringValue()).isEqualTo("3");
    assertThat(third.path("media").path("timestamp").stringValue()).isEqualTo("40");
    assertThat(ingest.texts.getLast().path("sequence_number").stringValue()).isEqualTo("28");
    assertThat(ingest.texts.getLast().path("stop").path("reason").stringValue())
        .isEqualTo("callended");
  }

  @Test
  void endedCall_dropsTheConnectionWithoutACloseFrame() throws Exception {
    caller.call(HALF_A_SECOND);

    assertThat(ingest.closed.get(10, TimeUnit.SECONDS))
        .isEqualTo(WebSocketCloseStatus.ABNORMAL_CLOSURE);
  }

  @Test
  void droppedCall_sendsNoStop() throws Exception {
    OngoingCall call = caller.call(SampleCall.load().sound());
    Awaitility.await().until(() -> media().size() >= 5);

    call.drop();
    ingest.closed.get(10, TimeUnit.SECONDS);

    assertThat(ingest.texts.getLast().path("event").asString()).isEqualTo("media");
  }

  @Test
  void hangUp_sendsStopBeforeTheRecordingEnds() throws Exception {
    OngoingCall call = caller.call(SampleCall.load().sound());
    Awaitility.await().until(() -> media().size() >= 5);

    call.hangUp();
    ingest.closed.get(10, TimeUnit.SECONDS);

    assertThat(ingest.texts.getLast().path("event").asString()).isEqualTo("stop");
    assertThat(media()).hasSizeLessThan(500);
  }

  @Test
  void unsupportedRecording_isRefused() {
    WavFile stereo = new WavFile(AudioCoding.PCM16, 8000, 2, new byte[640]);

    assertThat(ExotelCaller.supports(stereo)).isFalse();
    assertThatThrownBy(() -> caller.call(stereo)).hasMessageContaining("mono PCM");
  }

  private List<JsonNode> media() {
    return ingest.texts.stream()
        .filter(text -> "media".equals(text.path("event").asString()))
        .toList();
  }

  private byte[] audio() {
    ByteArrayOutputStream audio = new ByteArrayOutputStream();
    media()
        .forEach(text ->
            audio.writeBytes(
                Base64.getDecoder().decode(text.path("media").path("payload").asString())));
    return audio.toByteArray();
  }
}
