package io.verbatim.bench.ingest;

import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Tools;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.process.ChildProcess;
import io.verbatim.process.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/// The Node peer of ingest: `peer.js` with `ws` and `ioredis`, installed by npm below
/// `system-tests/target`.
record NodePeer(ChildProcess process, int port) {
  private static final String INSTALL = "apt-get install nodejs npm (Node 20 or later)";
  private static final List<String> FILES = List.of("peer.js", "package.json");

  static NodePeer start(Workspace workspace, Redis redis, String pathToken) {
    Path node = Tools.program("node", INSTALL);
    Path directory = install(workspace);
    int port = FreePort.find();
    ProcessBuilder builder =
        new ProcessBuilder(node.toString(), "peer.js").directory(directory.toFile());
    builder.environment().put("REDIS_URL", redis.url());
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("PATH_TOKEN", pathToken);
    builder.environment().put("NODE_ENV", "production");
    ChildProcess process = ChildProcess.start(builder, workspace.logs().resolve("node-peer.log"));
    NodePeer peer = new NodePeer(process, port);
    Workspace.await("the Node peer listens", Duration.ofSeconds(20), peer::listens);
    return peer;
  }

  private boolean listens() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      if (!process.isAlive()) {
        throw new BenchException("The Node peer ended during its start: " + process.lastLines());
      }
      return false;
    }
  }

  private static Path install(Workspace workspace) {
    Path directory = workspace.root().resolve("system-tests/target/node-peer");
    try {
      Files.createDirectories(directory);
      for (String file : FILES) {
        try (InputStream in = NodePeer.class.getResourceAsStream(file)) {
          if (in == null) {
            throw new BenchException(file + " is missing from the class path.");
          }
          Files.copy(in, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      if (!Files.isDirectory(directory.resolve("node_modules/ioredis"))) {
        npmInstall(directory, workspace.logs().resolve("npm.log"));
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void npmInstall(Path directory, Path log) throws IOException {
    Path npm = Tools.program("npm", INSTALL);
    Process install =
        new ProcessBuilder(npm.toString(), "install", "--no-audit", "--no-fund", "--ignore-scripts")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (install.waitFor() != 0) {
        throw new BenchException(
            "npm could not install ws and ioredis in "
                + directory
                + ": see "
                + log
                + ". --no-peer runs without the peer.");
      }
    } catch (InterruptedException e) {
      install.destroy();
      Thread.currentThread().interrupt();
      throw new BenchException("The benchmark was interrupted.", e);
    }
  }
}
