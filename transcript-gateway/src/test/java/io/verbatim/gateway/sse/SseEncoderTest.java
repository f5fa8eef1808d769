package io.verbatim.gateway.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.verbatim.gateway.fixture.Words;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SseEncoderTest {

  private static final CallId CALL = new CallId("call-1");

  @Test
  void event_hasIdNameAndDataOnOneLineEach() {
    assertThat(text(SseEncoder.event("final", "320-0", Map.of("text", "two\nlines"))))
        .isEqualTo("id: 320-0\nevent: final\ndata: {\"text\":\"two\\nlines\"}\n\n");
  }

  @Test
  void eventWithoutId_omitsTheIdLine() {
    SseEvent event = SseEncoder.event("final", "320-0", Map.of());

    assertThat(string(event.unframed(false))).isEqualTo("event: final\ndata: {}\n\n");
    assertThat(string(event.chunked(false))).isEqualTo("17\r\nevent: final\ndata: {}\n\n\r\n");
  }

  @Test
  void event_hasOneChunkForIdAndOneForTheRest() {
    SseEvent event = SseEncoder.event("final", "320-0", Map.of());

    String chunks = "a\r\nid: 320-0\n\r\n17\r\nevent: final\ndata: {}\n\n\r\n";
    assertThat(string(event.chunked(true))).isEqualTo(chunks);
    assertThat(event.size()).isEqualTo(chunks.length());
  }

  @Test
  void sharedEvent_isSentFromOneBufferUntilTheLastConnectionHasSentIt() {
    SseEvent event = SseEncoder.event("final", "320-0", Map.of());
    event.share();

    ByteBuf one = event.chunked(true);
    ByteBuf other = event.chunked(false);

    assertThat(one.unwrap()).isSameAs(other.unwrap());
    event.unshare();
    assertThat(string(one)).endsWith(string(other));
    assertThat(one.refCnt()).isZero();
    assertThat(string(event.chunked(false))).startsWith("17\r\n");
  }

  @Test
  void lineBreakInNameOrId_isRefused() {
    for (String bad : List.of("a\nb", "a\rb", "a\0b")) {
      assertThatThrownBy(() -> SseEncoder.event(bad, Map.of()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> SseEncoder.event("final", bad, Map.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void retryAndHeartbeat_areNotEvents() {
    assertThat(text(SseEncoder.retry(Duration.ofSeconds(2)))).isEqualTo("retry: 2000\n\n");
    assertThat(text(SseEncoder.heartbeat())).isEqualTo(":\n\n");
  }

  @Test
  void final_hasTheFieldsOfTheContract() {
    var entry =
        new TranscriptEntry.Final("320-0", Link.NONE, 7, Words.words("s1", 10, 20, "नमस्ते"));

    assertThat(string(TranscriptEvents.entry(CALL, entry).unframed(false)))
        .isEqualTo(
            "event: final\n"
                + "data:"
                + " {\"callId\":\"call-1\",\"segment\":\"s1\",\"seq\":7,\"startMs\":10,\"endMs\":20,\"text\":\"नमस्ते\",\"confidence\":0.9,\"speaker\":null,\"channel\":0,\"language\":\"en\",\"words\":[{\"text\":\"नमस्ते\",\"startMs\":10,\"endMs\":20,\"confidence\":0.9}],\"recognizer\":\"scripted\",\"latencyMs\":310,\"recognizerMs\":120,\"unconfirmed\":false}\n\n");
  }

  @Test
  void gapAndEnded_haveIdsAndInterimHasNone() {
    assertThat(text(entry(new TranscriptEntry.Gap("9-0", Link.NONE, 0, 9, "hole"))))
        .isEqualTo(
            "id: 9-0\n"
                + "event: gap\n"
                + "data:"
                + " {\"callId\":\"call-1\",\"startMs\":0,\"endMs\":9,\"reason\":\"hole\","
                + "\"text\":\"0.1 s not transcribed: hole\"}\n\n");
    assertThat(text(entry(new TranscriptEntry.Ended("9-1", Link.NONE, "stop", 9, true))))
        .isEqualTo(
            "id: 9-1\n"
                + "event: ended\n"
                + "data:"
                + " {\"callId\":\"call-1\",\"reason\":\"stop\",\"durationMs\":9,\"complete\":true}\n\n");
    assertThat(text(TranscriptEvents.interim(CALL, Words.words("s1", 0, 9, "hm"))))
        .startsWith("event: interim\n")
        .doesNotContain("\"seq\"");
  }

  @Test
  void evicted_hasIdWithPrefix() {
    assertThat(text(TranscriptEvents.evicted("320-0", "slow", "full")))
        .isEqualTo(
            "id: evicted:320-0\nevent: evicted\ndata: {\"reason\":\"full\",\"code\":\"slow\"}\n\n");
  }

  private static SseEvent entry(TranscriptEntry entry) {
    return TranscriptEvents.entry(CALL, entry);
  }

  private static String text(SseEvent event) {
    return string(event.unframed(true));
  }

  private static String string(ByteBuf bytes) {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.release();
    return text;
  }
}
