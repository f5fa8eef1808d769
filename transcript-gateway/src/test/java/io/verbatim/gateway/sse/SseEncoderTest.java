package io.verbatim.gateway.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbatim.gateway.stage.Words;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SseEncoderTest {

  private static final CallId CALL = new CallId("call-1");

  @Test
  void event_isNameIdAndDataOnOneLineEach() {
    assertThat(text(SseEncoder.event("final", "320-0", Map.of("text", "two\nlines")).bytes()))
        .isEqualTo("id: 320-0\nevent: final\ndata: {\"text\":\"two\\nlines\"}\n\n");
  }

  @Test
  void event_canLeaveItsIdOut() {
    SseEvent event = SseEncoder.event("final", "320-0", Map.of());

    assertThat(text(event.bytesWithoutId())).isEqualTo("event: final\ndata: {}\n\n");
    assertThat(event.size()).isEqualTo(text(event.bytes()).length());
  }

  @Test
  void event_isSharedAndNotCopied() {
    SseEvent event = SseEncoder.event("final", "320-0", Map.of());

    assertThat(event.bytes().getLast()).isSameAs(event.bytesWithoutId().getFirst());
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
  void retryAndHeartbeat_areNoEvents() {
    assertThat(text(SseEncoder.retry(Duration.ofSeconds(2)).bytes())).isEqualTo("retry: 2000\n\n");
    assertThat(text(SseEncoder.heartbeat().bytes())).isEqualTo(":\n\n");
  }

  @Test
  void final_hasTheFieldsOthersAreBuiltOn() {
    var entry = new TranscriptEntry.Final("320-0", 7, Words.words("s1", 10, 20, "नमस्ते"));

    assertThat(text(TranscriptEvents.entry(CALL, entry).bytesWithoutId()))
        .isEqualTo(
            "event: final\n"
                + "data:"
                + " {\"callId\":\"call-1\",\"segment\":\"s1\",\"seq\":7,\"startMs\":10,\"endMs\":20,\"text\":\"नमस्ते\",\"confidence\":0.9,\"speaker\":null,\"channel\":0,\"language\":\"en\",\"words\":[{\"text\":\"नमस्ते\",\"startMs\":10,\"endMs\":20,\"confidence\":0.9}],\"recognizer\":\"scripted\",\"latencyMs\":310,\"recognizerMs\":120,\"unconfirmed\":false}\n\n");
  }

  @Test
  void gapAndEnded_haveIdsAndInterimHasNone() {
    assertThat(text(entry(new TranscriptEntry.Gap("9-0", 0, 9, "hole"))))
        .isEqualTo(
            "id: 9-0\n"
                + "event: gap\n"
                + "data:"
                + " {\"callId\":\"call-1\",\"startMs\":0,\"endMs\":9,\"reason\":\"hole\"}\n\n");
    assertThat(text(entry(new TranscriptEntry.Ended("9-1", "stop", 9, true))))
        .isEqualTo(
            "id: 9-1\n"
                + "event: ended\n"
                + "data:"
                + " {\"callId\":\"call-1\",\"reason\":\"stop\",\"durationMs\":9,\"complete\":true}\n\n");
    assertThat(text(TranscriptEvents.interim(CALL, Words.words("s1", 0, 9, "hm")).bytes()))
        .startsWith("event: interim\n")
        .doesNotContain("\"seq\"");
  }

  @Test
  void evicted_hasAnIdThatTellsWhoeverComesBackWithIt() {
    assertThat(text(TranscriptEvents.evicted("320-0", "slow", "full").bytes()))
        .isEqualTo(
            "id: evicted:320-0\nevent: evicted\ndata: {\"reason\":\"full\",\"code\":\"slow\"}\n\n");
  }

  private static List<byte[]> entry(TranscriptEntry entry) {
    return TranscriptEvents.entry(CALL, entry).bytes();
  }

  private static String text(List<byte[]> parts) {
    var all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toString(StandardCharsets.UTF_8);
  }
}
