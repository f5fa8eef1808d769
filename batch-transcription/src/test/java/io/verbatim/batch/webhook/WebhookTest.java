package io.verbatim.batch.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.testkit.providers.WebhookReceiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTest {

  private static final String SECRET = "0123456789abcdef";
  private static final byte[] BODY = "{\"text\":\"é\"}".getBytes(UTF_8);

  @TempDir Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init") // By JUnit, before each test.
  private WebhookReceiver receiver;

  @BeforeEach
  void open() throws IOException, GeneralSecurityException, InterruptedException {
    receiver = new WebhookReceiver(SECRET, directory);
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  private Webhook webhook(String url, WebhookNetwork network, String secret) {
    return new Webhook(URI.create(url), secret, network, InstantSource.system());
  }

  private WebhookNetwork loopback() throws GeneralSecurityException {
    return new WebhookNetwork(InetAddress::isLoopbackAddress, receiver.trusting());
  }

  private static String failure(Webhook webhook) {
    return catchThrowableOfType(BatchException.class, () -> webhook.send(BODY)).sentence();
  }

  @Test
  void body_isSentWithItsSignature() throws GeneralSecurityException {
    webhook(receiver.url().toString(), loopback(), SECRET).send(BODY);

    assertThat(receiver.bodies()).containsExactly("{\"text\":\"é\"}");
  }

  @Test
  void receiverThatRefuses_isReported() throws GeneralSecurityException {
    Webhook other = webhook(receiver.url().toString(), loopback(), "another secret!!");
    assertThat(failure(other)).isEqualTo("The webhook answered with status 401.");

    receiver.answerWith(500);
    Webhook right = webhook(receiver.url().toString(), loopback(), SECRET);
    assertThat(failure(right)).isEqualTo("The webhook answered with status 500.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:1/hook",
        "https://localhost:1/hook",
        "https://[::1]:1/hook",
        "https://[::ffff:127.0.0.1]:1/hook",
        "https://10.0.0.1/hook",
        "https://169.254.169.254/latest/meta-data",
      })
  void addressThatIsNotPublic_isNeverConnectedTo(String url) {
    assertThat(failure(webhook(url, WebhookNetwork.internet(), SECRET)))
        .isEqualTo("The host in TRANSLATION_WEBHOOK_URL has an address that is not public.");
  }

  @Test
  void certificateOfAnotherHost_isRefused() throws GeneralSecurityException {
    String url = receiver.url().toString().replace("127.0.0.1", "localhost");

    assertThat(failure(webhook(url, loopback(), SECRET)))
        .isEqualTo("The webhook cannot be reached: TLS failed.");
    assertThat(receiver.bodies()).isEmpty();
  }

  @Test
  void receiverThatIsAway_isReported() throws GeneralSecurityException {
    receiver.close();

    assertThat(failure(webhook(receiver.url().toString(), loopback(), SECRET)))
        .isEqualTo("The webhook cannot be reached.");
  }
}
