package io.verbatim.testkit.redis;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/// A local `redis-server` process on a free loopback port, in its own directory.
final class RedisProcess implements RedisServer.Backend {
  private static final int START_ATTEMPTS = 5;
  private static final int START_SECONDS = 20;
  private static final int KEPT_LINES = 20;

  private final Path binary;
  private final Program program;
  private final RedisDirectory directory;
  private final Thread atExit = new Thread(this::close, "redis-at-exit");
  private int port;
  private @Nullable Process server;
  private @Nullable Process guard;

  /// The program to run.
  ///
  /// @param ready a part of the output line that reports readiness
  record Program(String ready, Arguments arguments) {
    /// A server, with or without an append-only file.
    ///
    /// @param more further arguments
    static Program server(boolean durable, List<String> more) {
      return new Program(
          "Ready to accept connections",
          (_, _) ->
              Stream.concat(
                      Stream.of(
                          "--save",
                          "",
                          "--maxmemory-policy",
                          "noeviction",
                          "--auto-aof-rewrite-percentage",
                          "0",
                          "--appendonly",
                          durable ? "yes" : "no",
                          "--appendfsync",
                          "always"),
                      more.stream())
                  .toList());
    }
  }

  /// The arguments of a program besides its address, port and directory.
  interface Arguments {
    List<String> of(int port, Path directory) throws IOException;
  }

  private RedisProcess(Path binary, Program program) throws IOException {
    this.binary = binary;
    this.program = program;
    directory = RedisDirectory.create();
  }

  /// Starts a process. Tries again if another process has taken the port meanwhile.
  static RedisProcess start(Path binary, Program program) {
    try {
      RedisProcess process = new RedisProcess(binary, program);
      Runtime.getRuntime().addShutdownHook(process.atExit);
      for (int attempt = 1; ; attempt++) {
        process.port = freePort();
        try {
          process.launch();
          return process;
        } catch (IllegalStateException e) {
          if (attempt == START_ATTEMPTS) {
            process.close();
            throw e;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The bundled binary, unpacked once.
  static Path bundled() {
    return Bundled.BINARY;
  }

  private static final class Bundled {
    static final Path BINARY = unpack();

    private static Path unpack() {
      try {
        File directory = Files.createTempDirectory("redis-binary-").toFile();
        directory.deleteOnExit();
        File binary = ExecutableProvider.newJarResourceProvider(directory).get();
        binary.deleteOnExit();
        return binary.toPath();
      } catch (IOException e) {
        throw new UncheckedIOException(
            "no bundled redis-server for this machine: set TEST_REDIS_URL", e);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public String origin() {
    return binary.toString();
  }

  @Override
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public Optional<RedisProcess> process() {
    return Optional.of(this);
  }

  int port() {
    return port;
  }

  void pause() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  synchronized void kill() {
    end(server);
    end(guard);
    server = null;
    guard = null;
  }

  synchronized void restart() {
    kill();
    launch();
  }

  synchronized void copy() {
    directory.copy();
  }

  synchronized void failOver() {
    kill();
    directory.useCopy();
    launch();
  }

  void failSaves(boolean fail) {
    directory.failSaves(fail);
  }

  synchronized void restore() {
    if (server != null && server.isAlive()) {
      resume();
    } else {
      restart();
    }
  }

  @Override
  public synchronized void close() {
    kill();
    directory.delete();
    removeExitHook();
  }

  private void removeExitHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The JVM is exiting, and this may be the hook itself.
    }
  }

  private synchronized void launch() {
    try {
      Process started =
          new ProcessBuilder(command())
              .directory(directory.path().toFile())
              .redirectErrorStream(true)
              .start();
      server = started;
      awaitReady(started);
      guard = guard(started.pid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The program's own arguments come first, because they may start with a configuration file.
  private List<String> command() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(binary.toString());
    command.addAll(program.arguments().of(port, directory.path()));
    command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
    command.addAll(List.of("--dir", directory.path().toString()));
    return command;
  }

  private void awaitReady(Process started) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Thread.ofVirtual().name("redis-output").start(() -> watch(started, ready));
    try {
      ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(started);
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      end(started);
      throw new IllegalStateException(binary + " did not start", e);
    }
  }

  /// Drains the output, so that its buffer never fills. Completes `ready` when the server is ready,
  /// or fails it with the last output.
  private void watch(Process started, CompletableFuture<Void> ready) {
    Deque<String> last = new ArrayDeque<>();
    try (BufferedReader output = started.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        last.addLast(line);
        if (last.size() > KEPT_LINES) {
          last.removeFirst();
        }
        if (line.contains(program.ready())) {
          ready.complete(null);
        }
      }
    } catch (IOException e) {
      last.addLast(e.toString());
    }
    ready.completeExceptionally(new IOException(String.join("\n", last)));
  }

  /// Starts a shell that kills the server when its input ends. The input also ends if this JVM is
  /// killed, which runs no exit hook.
  private @Nullable Process guard(long pid) throws IOException {
    if (!Files.isExecutable(Path.of("/bin/sh"))) {
      return null;
    }
    return new ProcessBuilder(
            "/bin/sh",
            "-c",
            "read _; kill -9 \"$0\"; rm -rf -- \"$1\"",
            Long.toString(pid),
            directory.path().toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void signal(String name) {
    Process running = server;
    if (running == null || !running.isAlive()) {
      throw new IllegalStateException("the server is not running");
    }
    try {
      int exit =
          new ProcessBuilder("/bin/kill", "-" + name, Long.toString(running.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + name + " failed with status " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void end(@Nullable Process process) {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }
}
