package io.verbatim.local.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.audio.AudioCoding;
import io.verbatim.local.audio.WavFile;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PcmCallerTest {
  private static final WavFile STEREO = new WavFile(AudioCoding.MULAW, 8000, 2, noise(3200));

  @Test
  void call_sendsThePcmMessageSequence() throws Exception {
    try (FakeIngest ingest = new FakeIngest(PcmCallerTest::defaultAnswer)) {
      OngoingCall call = new PcmCaller(ingest.uri(), "the.jwt", "acme").call(STEREO);
      ingest.closed.get(10, TimeUnit.SECONDS);
      CallEnd end = call.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);

      assertThat(ingest.handshake.join().get("Authorization")).isEqualTo("Bearer the.jwt");
      assertThat(ingest.texts.getFirst().toString())
          .isEqualTo(
              ("{\"event\":\"start\",\"interaction_id\":\"%s\",\"tenant_id\":\"acme\",\"sample_rate\":8000,"
                      + "\"encoding\":\"mulaw\",\"channels\":2}")
                  .formatted(call.callId()));
      assertThat(ingest.texts.getLast().path("event").asString()).isEqualTo("stop");
      assertThat(ingest.binaries).hasSize(10).allMatch(frame -> frame.length == 320);
      assertThat(audio(ingest)).isEqualTo(STEREO.data());
      assertThat(end).isEqualTo(new CallEnd(10, 10, null));
    }
  }

  @Test
  void refusedCall_reportsTheServicesMessage() throws Exception {
    try (FakeIngest ingest =
        new FakeIngest(
            _ -> "{\"event\":\"error\",\"code\":\"tenant\",\"message\":\"not yours\"}")) {
      OngoingCall call = new PcmCaller(ingest.uri(), "the.jwt", "acme").call(STEREO);

      assertThat(call.ended().toCompletableFuture().get(10, TimeUnit.SECONDS).problem())
          .isEqualTo("not yours");
    }
  }

  private static String defaultAnswer(JsonNode message) {
    return switch (message.path("event").asString()) {
      case "start" -> "{\"event\":\"started\",\"interaction_id\":\"x\",\"next_seq\":1}";
      case "stop" -> "{\"event\":\"stopped\",\"frames\":10}";
      default -> "";
    };
  }

  private static byte[] audio(FakeIngest ingest) {
    ByteArrayOutputStream audio = new ByteArrayOutputStream();
    ingest.binaries.forEach(audio::writeBytes);
    return audio.toByteArray();
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
