package io.verbatim.batch.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Sends signed JSON to an `https://` address, one request to a connection and without a second
/// try. Thread-safe; blocks.
///
/// The header `X-Verbatim-Signature` is `sha256=` and the HMAC-SHA256, in hexadecimal, of the
/// header `X-Verbatim-Timestamp` (seconds since 1970), a dot and the body.
public final class Webhook {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_STATUS_LINE = 200;

  private final URI url;
  private final byte[] secret;
  private final WebhookNetwork network;
  private final InstantSource clock;

  /// @param url `https://`, with a host
  /// @param secret the key of the signature
  public Webhook(URI url, String secret, WebhookNetwork network, InstantSource clock) {
    this.url = url;
    this.secret = secret.getBytes(UTF_8);
    this.network = network;
    this.clock = clock;
  }

  /// Sends a body, and waits for the receiver's status.
  ///
  /// @throws BatchException if the receiver cannot be reached, or its status is not 2xx
  public void send(byte[] json) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    int status;
    try (Socket plain = connect(address(), deadline);
        SSLSocket socket = secure(plain, deadline)) {
      write(socket.getOutputStream(), json);
      status = status(socket, deadline);
    } catch (SocketTimeoutException slow) {
      throw new BatchException(
          FailureKind.TIMEOUT,
          "The webhook did not answer within %d s.".formatted(TIMEOUT.toSeconds()));
    } catch (SSLException untrusted) {
      throw unavailable("cannot be reached: TLS failed");
    } catch (IOException failure) {
      throw unavailable("cannot be reached");
    }
    if (status / 100 != 2) {
      throw unavailable("answered with status " + status);
    }
  }

  private static BatchException unavailable(String reason) {
    return new BatchException(FailureKind.UNAVAILABLE, "The webhook " + reason + ".");
  }

  /// The address to connect to. All addresses of the name must be allowed, because one that is not
  /// shows that the name does not belong to a public service.
  private InetAddress address() throws UnknownHostException {
    String host = url.getHost().replaceAll("[\\[\\]]", "");
    InetAddress[] found = InetAddress.getAllByName(host);
    if (!Arrays.stream(found).allMatch(network.allowed())) {
      throw new BatchException(
          FailureKind.UNAVAILABLE,
          "The host in TRANSLATION_WEBHOOK_URL has an address that is not public.");
    }
    return found[0];
  }

  private Socket connect(InetAddress address, long deadline) throws IOException {
    Socket socket = new Socket(); // An interrupt of a virtual thread closes it.
    try {
      int port = url.getPort() < 0 ? 443 : url.getPort();
      socket.connect(new InetSocketAddress(address, port), millisUntil(deadline));
      socket.setSoTimeout(millisUntil(deadline));
      return socket;
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  /// TLS for the name in the URL, over a connection to its address.
  private SSLSocket secure(Socket plain, long deadline) throws IOException {
    String host = url.getHost().replaceAll("[\\[\\]]", "");
    SSLSocket socket =
        (SSLSocket) network.tls().createSocket(plain, host, plain.getPort(), /* autoClose= */ true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(millisUntil(deadline));
    socket.startHandshake();
    return socket;
  }

  private void write(OutputStream out, byte[] json) throws IOException {
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    String head =
        """
        POST %s HTTP/1.1\r
        Host: %s\r
        Content-Type: application/json\r
        Content-Length: %d\r
        X-Verbatim-Timestamp: %s\r
        X-Verbatim-Signature: sha256=%s\r
        User-Agent: verbatim\r
        Connection: close\r
        \r
        """
            .formatted(
                target, url.getRawAuthority(), json.length, timestamp, sign(timestamp, json));
    out.write(head.getBytes(US_ASCII));
    out.write(json);
    out.flush();
  }

  private String sign(String timestamp, byte[] json) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update((timestamp + ".").getBytes(US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(json));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", impossible);
    }
  }

  /// Reads the status line, and nothing else of the answer.
  private static int status(SSLSocket socket, long deadline) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    byte[] one = new byte[1];
    while (line.length() < MAX_STATUS_LINE) {
      socket.setSoTimeout(millisUntil(deadline));
      if (in.read(one) < 0 || one[0] == '\n') {
        break;
      }
      line.append(new String(one, ISO_8859_1));
    }
    String status = line.toString().strip();
    if (!status.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
      throw unavailable("sent an answer that is not HTTP");
    }
    return Integer.parseInt(status.substring(9, 12));
  }

  private static int millisUntil(long deadline) throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return Math.toIntExact(millis);
  }
}
