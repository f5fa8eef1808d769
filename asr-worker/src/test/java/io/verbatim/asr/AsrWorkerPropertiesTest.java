package io.verbatim.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.service.Secret;
import io.verbatim.service.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/// Pins names and defaults, because operators' configuration depends on them.
class AsrWorkerPropertiesTest {

  @Test
  void defaults_areTheDocumentedOnes() {
    AsrWorkerProperties properties = bind(Map.of("DEEPGRAM_API_KEY", "key"));

    assertThat(properties.pubsubAdapter()).isEqualTo(AsrWorkerProperties.Adapter.REDIS_STREAMS);
    assertThat(properties.redis())
        .isEqualTo(
            new AsrWorkerProperties.Redis(
                new Secret("redis://localhost:6379"),
                "",
                Duration.ofSeconds(2),
                Duration.ofHours(24),
                20,
                30));
    assertThat(properties.deepgram().url()).isEqualTo(URI.create("wss://api.deepgram.com"));
    assertThat(properties.deepgram().model()).isEqualTo("nova-3");
    assertThat(properties.deepgram().language()).isEqualTo("en");
    assertThat(properties.deepgram().languages()).hasSize(30).contains("multi", "hi", "vi");
    assertThat(properties.deepgram().options()).isEmpty();
    assertThat(properties.transport()).isEqualTo(Transport.Choice.AUTO);
    assertThat(properties.replaySpeed()).isEqualTo(4);
    assertThat(properties.drainTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(properties.limits()).isEqualTo(new AsrWorkerProperties.Limits(100, 100, 50));
  }

  @Test
  void environment_setsEverything() {
    AsrWorkerProperties properties =
        bind(
            Map.ofEntries(
                Map.entry("PUBSUB_ADAPTER", "in_memory"),
                Map.entry("REDIS_URL", "rediss://user:pass@host:1"),
                Map.entry("REDIS_KEY_PREFIX", "staging:"),
                Map.entry("LEASE", "3s"),
                Map.entry("TRANSCRIPT_RETENTION", "1h"),
                Map.entry("REDIS_CLIENTS_WARN", "5"),
                Map.entry("REDIS_CLIENTS_CRITICAL", "6"),
                Map.entry("DEEPGRAM_URL", "wss://api.in.deepgram.com"),
                Map.entry("DEEPGRAM_API_KEY", "key"),
                Map.entry("DEEPGRAM_MODEL", "nova-2"),
                Map.entry("DEEPGRAM_LANGUAGE", "hi"),
                Map.entry("DEEPGRAM_LANGUAGES", "hi,en"),
                Map.entry("DEEPGRAM_OPTIONS", "keyterm=Verbatim&numerals=true"),
                Map.entry("DEEPGRAM_MAX_STREAMS", "7"),
                Map.entry("MAX_CALLS", "8"),
                Map.entry("DEAD_LETTER_MAX", "9"),
                Map.entry("TRANSPORT", "io_uring"),
                Map.entry("REPLAY_SPEED", "1.25"),
                Map.entry("MANAGEMENT_PORT", "9090"),
                Map.entry("DRAIN_TIMEOUT", "900ms")));

    assertThat(properties)
        .isEqualTo(
            new AsrWorkerProperties(
                AsrWorkerProperties.Adapter.IN_MEMORY,
                new AsrWorkerProperties.Redis(
                    new Secret("rediss://user:pass@host:1"),
                    "staging:",
                    Duration.ofSeconds(3),
                    Duration.ofHours(1),
                    5,
                    6),
                new AsrWorkerProperties.Deepgram(
                    URI.create("wss://api.in.deepgram.com"),
                    new Secret("key"),
                    "nova-2",
                    "hi",
                    Set.of("hi", "en"),
                    "keyterm=Verbatim&numerals=true"),
                Transport.Choice.IO_URING,
                1.25,
                Duration.ofMillis(900),
                9090,
                new AsrWorkerProperties.Limits(8, 7, 9)));
  }

  @Test
  void secrets_areNotPrinted() {
    AsrWorkerProperties properties =
        bind(Map.of("DEEPGRAM_API_KEY", "hidden", "REDIS_URL", "redis://user:hidden@host:1"));

    assertThat(properties.toString()).doesNotContain("hidden").contains("***");
  }

  private static AsrWorkerProperties bind(Map<String, Object> environment) {
    StandardEnvironment values = new StandardEnvironment();
    values
        .getPropertySources()
        .forEach(source -> values.getPropertySources().remove(source.getName()));
    values.getPropertySources().addFirst(new MapPropertySource("environment", environment));
    try {
      new YamlPropertySourceLoader()
          .load("yml", new ClassPathResource("asr-worker/application.yml"))
          .forEach(values.getPropertySources()::addLast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Binder.get(values).bind("verbatim", AsrWorkerProperties.class).get();
  }
}
