package io.verbatim.testkit.providers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.verbatim.testkit.tokens.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/// The operator's service that receives texts by webhook, with HTTPS on 127.0.0.1. It accepts only
/// bodies with a valid signature.
public final class WebhookReceiver implements AutoCloseable {

  private static final String PASSWORD = "changeit";

  private final String secret;
  private final HttpsServer server;
  private final SelfSigned certificate;
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private volatile int status = 202;

  /// @param secret the key of the signature
  /// @param directory for the certificate
  public WebhookReceiver(String secret, Path directory)
      throws IOException, GeneralSecurityException, InterruptedException {
    this.secret = secret;
    this.certificate = SelfSigned.in(directory);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(certificate.store(), PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/hook", this::receive);
    server.start();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String timestamp = ProviderServer.header(exchange, "X-Verbatim-Timestamp");
      boolean isSigned =
          ProviderServer.header(exchange, "X-Verbatim-Signature")
              .equals("sha256=" + signature(timestamp, body));
      if (isSigned) {
        bodies.add(new String(body, StandardCharsets.UTF_8));
      }
      exchange.sendResponseHeaders(isSigned ? status : 401, -1);
    }
  }

  private String signature(String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(US_ASCII), "HmacSHA256"));
      mac.update((timestamp + ".").getBytes(US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// The bodies with a valid signature.
  public List<String> bodies() {
    return List.copyOf(bodies);
  }

  /// Answers with another status from now on.
  public void answerWith(int other) {
    status = other;
  }

  public URI url() {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/hook");
  }

  /// Trusts only this receiver.
  public SSLSocketFactory trusting() throws GeneralSecurityException {
    return certificate.trusting().getSocketFactory();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
