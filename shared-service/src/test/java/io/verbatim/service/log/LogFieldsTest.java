package io.verbatim.service.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LogFieldsTest {

  @Test
  void keys_becomeFieldsInOrderWithTheirTypes() {
    assertThat(of("call.over callId={} bytes={} complete={}", "c-1", 12L, true))
        .containsExactly(
            entry("event", "call.over"),
            entry("callId", "c-1"),
            entry("bytes", 12L),
            entry("complete", true));
  }

  @Test
  void quotedArgument_mayContainQuotesBlanksAndLineBreaks() {
    assertThat(of("redis.away reason=\"{}\" next={}", "no \"route\" =\nto host", 5))
        .containsExactly(
            entry("event", "redis.away"),
            entry("reason", "no \"route\" =\nto host"),
            entry("next", 5));
  }

  @Test
  void textAroundPlaceholders_isPartOfTheValue() {
    assertThat(of("server.listening url={}://localhost:{} next={}s", "https", 443, 30))
        .containsExactly(
            entry("event", "server.listening"),
            entry("url", "https://localhost:443"),
            entry("next", "30s"));
  }

  @Test
  void constantValue_needsNoArgument() {
    assertThat(of("warmup.unfinished effect=\"sessions open slowly\" reason=timeout"))
        .containsExactly(
            entry("event", "warmup.unfinished"),
            entry("effect", "sessions open slowly"),
            entry("reason", "timeout"));
  }

  @Test
  void wordInCapitals_isTheAlert() {
    assertThat(of("CRITICAL redis.clients connected={} by={}", 31, Map.of("a", 31)))
        .containsExactly(
            entry("event", "redis.clients"),
            entry("alert", "CRITICAL"),
            entry("connected", 31),
            entry("by", "{a=31}"));
  }

  @Test
  void otherForm_isAMessage() {
    assertThat(of("Closing {} of 3", 2)).containsExactly(entry("message", "Closing 2 of 3"));
    assertThat(of("io.netty closed the channel"))
        .containsExactly(entry("message", "io.netty closed the channel"));
    assertThat(of("{}", "text")).containsExactly(entry("message", "text"));
  }

  @Test
  void missingArgument_keepsThePlaceholder() {
    assertThat(of("loop.started name={}"))
        .containsExactly(entry("event", "loop.started"), entry("name", "{}"));
  }

  private static Map<String, Object> of(String pattern, Object... arguments) {
    return LogFields.of(pattern, arguments);
  }
}
