package io.verbatim.ingest.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The answer to an HTTP request over a plain socket. Shows the answer to a rejected upgrade, which
/// WebSocket clients hide.
public record RawRequest(int status, Map<String, String> headers, String body) {

  /// Sends a WebSocket upgrade request.
  public static RawRequest upgrade(int port, String path, Map<String, String> headers) {
    Map<String, String> all = new TreeMap<>(headers);
    all.put("Connection", "Upgrade");
    all.put("Upgrade", "websocket");
    all.put("Sec-WebSocket-Version", "13");
    all.put("Sec-WebSocket-Key", "AAECAwQFBgcICQoLDA0ODw==");
    return send(port, "GET", path, all);
  }

  /// Sends a request without an upgrade.
  public static RawRequest plain(
      int port, String method, String path, Map<String, String> headers) {
    Map<String, String> all = new TreeMap<>(headers);
    all.put("Connection", "close");
    all.put("Content-Length", "0");
    return send(port, method, path, all);
  }

  private static RawRequest send(
      int port, String method, String path, Map<String, String> headers) {
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    if (!headers.containsKey("Host")) {
      request.append("Host: 127.0.0.1:").append(port).append("\r\n");
    }
    headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    request.append("\r\n");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.toString().getBytes(ISO_8859_1));
      return read(new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RawRequest read(BufferedReader in) throws IOException {
    int status = Integer.parseInt(in.readLine().split(" ", 3)[1]);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    if (headers.containsKey("Transfer-Encoding")) {
      return new RawRequest(status, headers, in.lines().collect(Collectors.joining("\n")));
    }
    char[] body = new char[Integer.parseInt(headers.getOrDefault("Content-Length", "0"))];
    for (int read = 0; read < body.length; ) {
      int more = in.read(body, read, body.length - read);
      read += more < 0 ? body.length : more;
    }
    return new RawRequest(status, headers, new String(body));
  }

  /// The body; a chunked one includes the chunk sizes.
  public String text() {
    return body;
  }

  public JsonNode json() {
    return JsonMapper.shared().readTree(body);
  }
}
