package io.verbatim.testkit.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The public Socket.IO client in a Node.js process. The test closes it.
///
/// Its packages are pinned by a lock file, and are fetched with `npm ci` once for each build
/// directory.
public final class SocketIoClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long INSTALL_SECONDS = 120;
  private static final String LOCK = "package-lock.json";
  private static final List<String> FILES = List.of("package.json", LOCK, "client.mjs");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final List<JsonNode> received = new CopyOnWriteArrayList<>();
  private final Process process;
  private final BufferedWriter commands;

  private SocketIoClient(Process process) {
    this.process = process;
    commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
    Thread.ofVirtual().name("socket.io-client").start(this::read);
  }

  /// Connects to a server on loopback.
  ///
  /// @param path the namespace, with a query if needed
  /// @param token empty for none
  /// @param transports such as `polling,websocket`
  /// @param place where the token is shown: `auth` or `header`
  public static SocketIoClient connect(
      int port, String path, String token, String transports, String place) {
    try {
      return new SocketIoClient(
          new ProcessBuilder(
                  "node",
                  Installed.DIRECTORY.resolve("client.mjs").toString(),
                  "http://127.0.0.1:" + port + path,
                  token,
                  transports,
                  place)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("The test needs Node.js 20 or later as node on the PATH.", e);
    }
  }

  /// Emits a chunk of audio: `chunk` as text, `object`, or `binary`.
  public void emit(String form, byte[] audio) {
    command(Map.of("do", form, "audio", Base64.getEncoder().encodeToString(audio)));
  }

  /// Emits a chunk of audio with a callback, which adds an event `acknowledged` with this id.
  public void emitAcknowledged(byte[] audio, int id) {
    command(
        Map.of("do", "acknowledged", "audio", Base64.getEncoder().encodeToString(audio), "id", id));
  }

  /// Emits an event of any name.
  public void emitEvent(String name, Object data) {
    command(Map.of("do", "emit", "name", name, "data", data));
  }

  public void stop() {
    command(Map.of("do", "stop"));
  }

  public void disconnect() {
    command(Map.of("do", "disconnect"));
  }

  private void command(Map<String, Object> command) {
    try {
      commands.write(JSON.writeValueAsString(command));
      commands.newLine();
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All events received so far.
  public List<JsonNode> received() {
    return List.copyOf(received);
  }

  /// The names of all events received so far.
  public List<String> events() {
    return received.stream().map(message -> message.path("event").stringValue()).toList();
  }

  /// Waits for an event of this name and returns the first one.
  public JsonNode await(String event) {
    return await(message -> message.path("event").asString("").equals(event));
  }

  public JsonNode await(Predicate<JsonNode> wanted) {
    Awaitility.await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(received).anyMatch(wanted));
    return received.stream().filter(wanted).findFirst().orElseThrow();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        received.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      // The process has ended.
    }
  }

  /// Ends the client without a word to the server.
  @Override
  public void close() {
    process.destroyForcibly();
  }

  /// The directory of the client and its packages, installed once.
  private static final class Installed {
    static final Path DIRECTORY = install();

    private static Path install() {
      Path directory = Path.of("target", "socketio").toAbsolutePath();
      try {
        Files.createDirectories(directory);
        Path installed = directory.resolve("installed-" + LOCK);
        for (String file : FILES) {
          Files.write(directory.resolve(file), resource(file));
        }
        if (!Files.exists(installed)
            || !Arrays.equals(Files.readAllBytes(installed), resource(LOCK))) {
          npmCi(directory);
          Files.write(installed, resource(LOCK));
        }
        return directory;
      } catch (IOException e) {
        throw new UncheckedIOException("The test needs Node.js 20 or later with npm.", e);
      }
    }

    private static byte[] resource(String file) throws IOException {
      try (InputStream in = SocketIoClient.class.getResourceAsStream("/socketio/" + file)) {
        return Objects.requireNonNull(in).readAllBytes();
      }
    }

    private static void npmCi(Path directory) throws IOException {
      Process npm =
          new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("npm.log").toFile())
              .start();
      try {
        if (!npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS) || npm.exitValue() != 0) {
          npm.destroyForcibly();
          throw new IOException("npm ci failed: see npm.log in " + directory);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }
}
