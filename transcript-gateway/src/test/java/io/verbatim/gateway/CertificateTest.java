package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.service.StartFailure;
import io.verbatim.testkit.tokens.SelfSigned;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The gateway's own certificate, and its renewal.
class CertificateTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @Test
  void sessionOverTls_setsSecureCookieAndHsts(@TempDir Path directory) throws Exception {
    SelfSigned certificate = SelfSigned.in(directory);
    try (InMemoryBus bus = new InMemoryBus();
        RunningGateway gateway =
            RunningGateway.on(bus, settings(certificate.certificate(), certificate.key()));
        HttpClient client = HttpClient.newBuilder().sslContext(certificate.trusting()).build()) {
      HttpResponse<String> opened =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("https://127.0.0.1:" + gateway.port() + "/v1/session"))
                  .header("Authorization", "Bearer " + TestTokens.agentOf("acme"))
                  .POST(BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString());

      assertThat(opened.statusCode()).isEqualTo(204);
      assertThat(opened.headers().firstValue("Set-Cookie").orElseThrow())
          .contains("Secure", "SameSite=Strict")
          .containsIgnoringCase("HttpOnly");
      assertThat(opened.headers().firstValue("Strict-Transport-Security").orElseThrow())
          .startsWith("max-age=");
    }
  }

  @Test
  void streamOverTls_isComplete(@TempDir Path directory) throws Exception {
    SelfSigned certificate = SelfSigned.in(directory);
    try (InMemoryBus bus = new InMemoryBus();
        CallFixture calls = new CallFixture(bus);
        RunningGateway gateway =
            RunningGateway.on(bus, settings(certificate.certificate(), certificate.key()));
        HttpClient client = HttpClient.newBuilder().sslContext(certificate.trusting()).build()) {
      TestCall call = calls.begin("acme-1", "acme");
      String text = "x".repeat(10_000);
      IntStream.range(0, 50).forEach(_ -> call.addFinal(text));
      call.end();

      HttpResponse<String> stream =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "https://127.0.0.1:" + gateway.port() + "/v1/calls/acme-1/transcript"))
                  .header("Authorization", "Bearer " + TestTokens.agentOf("acme"))
                  .build(),
              BodyHandlers.ofString());

      assertThat(stream.body().split("event: final\n", -1)).hasSize(51);
      assertThat(stream.body()).contains("event: ended\n");
    }
  }

  @Test
  void renewedCertificate_isServedToNewConnections(@TempDir Path directory) throws Exception {
    SelfSigned first = SelfSigned.in(directory);
    try (InMemoryBus bus = new InMemoryBus();
        RunningGateway gateway =
            RunningGateway.on(bus, settings(first.certificate(), first.key()))) {
      assertThat(SelfSigned.serialShownAt(gateway.port())).isEqualTo(first.serial());

      BigInteger second = SelfSigned.in(directory).serial();

      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> assertThat(SelfSigned.serialShownAt(gateway.port())).isEqualTo(second));
    }
  }

  @Test
  void mismatchedKey_failsStartWithOneSentence(@TempDir Path directory, @TempDir Path other)
      throws Exception {
    Path certificate = SelfSigned.in(directory).certificate();
    Path key = SelfSigned.in(other).key();

    assertThat(startFailure(settings(certificate, key)))
        .startsWith("SSL_CERT_PATH and SSL_KEY_PATH cannot be served: ")
        .hasLineCount(1);
  }

  @Test
  void invalidCertificate_failsStartWithOneSentence(@TempDir Path directory) throws Exception {
    SelfSigned certificate = SelfSigned.in(directory);
    Files.writeString(certificate.certificate(), "half a certificate");

    assertThat(startFailure(settings(certificate.certificate(), certificate.key())))
        .startsWith("SSL_CERT_PATH and SSL_KEY_PATH cannot be served: ")
        .hasLineCount(1);
  }

  private static String startFailure(Map<String, Object> settings) {
    try (InMemoryBus bus = new InMemoryBus()) {
      RuntimeException failure =
          catchRuntimeException(() -> RunningGateway.on(bus, settings).close());
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      StartFailure.print(failure, new PrintStream(out, true, StandardCharsets.UTF_8));
      return out.toString(StandardCharsets.UTF_8);
    }
  }

  private static Map<String, Object> settings(Path certificate, Path key) {
    return Map.of(
        "SSL_CERT_PATH",
        certificate.toString(),
        "SSL_KEY_PATH",
        key.toString(),
        "spring.ssl.bundle.watch.file.quiet-period",
        "100ms");
  }
}
