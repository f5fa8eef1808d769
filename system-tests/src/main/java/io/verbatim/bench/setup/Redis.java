package io.verbatim.bench.setup;

import io.verbatim.process.ChildProcess;
import io.verbatim.process.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `redis-server` for the benchmark, without persistence, on a free port of 127.0.0.1. Its
/// creator closes it.
public record Redis(ChildProcess process, int port) implements AutoCloseable {
  private static final Pattern CLIENT_NAME = Pattern.compile("\\bname=(\\S*)");

  /// Starts a server with the log `<name>.log`.
  public static Redis start(Workspace workspace, String name) {
    Path binary = Tools.program("redis-server", "apt-get install redis-server");
    int port = FreePort.find();
    ChildProcess process =
        ChildProcess.start(
            new ProcessBuilder(
                    binary.toString(),
                    "--bind",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--maxmemory-policy",
                    "noeviction")
                .directory(workspace.logs().toFile()),
            workspace.logs().resolve(name + ".log"));
    Redis redis = new Redis(process, port);
    Workspace.await("redis-server answers", Duration.ofSeconds(20), redis::answers);
    return redis;
  }

  private boolean answers() {
    try (Resp connection = connect()) {
      return connection.text("PING").equals("PONG");
    } catch (java.io.UncheckedIOException _) {
      if (!process.isAlive()) {
        throw new BenchException("redis-server ended during its start: " + process.lastLines());
      }
      return false;
    }
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  public Resp connect() {
    return new Resp(port);
  }

  /// The number of connections by client name, without unnamed ones.
  public Map<String, Long> connectionsByName() {
    Map<String, Long> connections = new HashMap<>();
    try (Resp connection = connect()) {
      for (String client : connection.text("CLIENT", "LIST").lines().toList()) {
        Matcher name = CLIENT_NAME.matcher(client);
        if (name.find() && !name.group(1).isEmpty()) {
          connections.merge(name.group(1), 1L, Long::sum);
        }
      }
    }
    return connections;
  }

  @Override
  public void close() {
    process.close();
  }
}
