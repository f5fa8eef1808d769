package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import io.verbatim.testkit.tokens.SelfSigned;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The service's certificate, and its renewal during live calls.
@ExtendWith(RedisExtension.class)
class CertificateIT {
  private static final Tokens TOKENS = new Tokens();
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @Test
  void renewedCertificate_isUsedForNewConnectionsAndLiveCallsContinue(
      RedisServer redis, @TempDir Path directory) throws Exception {
    SelfSigned first = SelfSigned.in(directory);
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings(first))) {
      PcmClient caller = PcmClient.connectByTls(server, TOKENS, "p1", first.trusting());
      caller.start();
      caller.send(1, 10);
      caller.awaitAck(10);
      assertThat(SelfSigned.serialShownAt(server.port())).isEqualTo(first.serial());

      BigInteger second = SelfSigned.in(directory).serial();

      assertThat(second).isNotEqualTo(first.serial());
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> assertThat(SelfSigned.serialShownAt(server.port())).isEqualTo(second));
      caller.send(11, 20);
      caller.awaitAck(20);
      assertThat(caller.stop()).isEqualTo(20);
    }
  }

  @Test
  void unreadableCertificate_keepsTheOldOneUntilAValidOneIsWritten(
      RedisServer redis, @TempDir Path directory) throws Exception {
    SelfSigned first = SelfSigned.in(directory);
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings(first))) {
      Files.writeString(first.certificate(), "half a certificate");
      await()
          .during(Duration.ofMillis(500))
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> assertThat(SelfSigned.serialShownAt(server.port())).isEqualTo(first.serial()));

      BigInteger second = SelfSigned.in(directory).serial();

      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> assertThat(SelfSigned.serialShownAt(server.port())).isEqualTo(second));
    }
  }

  private static Map<String, Object> settings(SelfSigned certificate) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("SSL_CERT_PATH", certificate.certificate().toString());
    settings.put("SSL_KEY_PATH", certificate.key().toString());
    settings.put("spring.ssl.bundle.watch.file.quiet-period", "100ms");
    return settings;
  }
}
