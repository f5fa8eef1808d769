package io.verbatim.gateway.stage;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// A browser whose connection takes next to nothing: it asks for a stream and does not read it.
public final class StalledSocket implements AutoCloseable {

  private final Socket socket = new Socket();

  public StalledSocket(URI uri, String token) throws IOException {
    socket.setReceiveBufferSize(2 * 1024);
    socket.setSoTimeout(15_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort()));
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(target(uri), token)
                .getBytes(StandardCharsets.US_ASCII));
  }

  private static String target(URI uri) {
    return uri.getQuery() == null ? uri.getPath() : uri.getPath() + "?" + uri.getQuery();
  }

  /// Reads on until this text has come by.
  public void readUntil(String text) throws IOException {
    InputStream in = socket.getInputStream();
    var seen = new StringBuilder();
    while (seen.indexOf(text) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new AssertionError("the stream ended without " + text);
      }
      seen.append((char) next);
    }
  }

  /// What comes until the server closes the connection.
  public String readToEnd() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
