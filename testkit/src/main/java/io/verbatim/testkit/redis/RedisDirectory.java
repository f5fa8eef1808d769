package io.verbatim.testkit.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// The directory of a local `redis-server`: its append-only file, a copy of it, its snapshot.
record RedisDirectory(Path path) {
  static RedisDirectory create() throws IOException {
    return new RedisDirectory(Files.createTempDirectory("redis-"));
  }

  private Path data() {
    return path.resolve("appendonlydir");
  }

  private Path copied() {
    return path.resolve("replica");
  }

  private Path snapshot() {
    return path.resolve("dump.rdb");
  }

  /// Copies the append-only file. A concurrently written entry is truncated; Redis drops it when it
  /// loads the copy.
  void copy() {
    try {
      delete(copied());
      try (Stream<Path> files = Files.walk(data())) {
        for (Path file : files.toList()) {
          Files.copy(file, copied().resolve(data().relativize(file).toString()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Replaces the data by the copy. Only while the server is stopped.
  void useCopy() {
    try {
      delete(data());
      Files.move(copied(), data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes snapshots fail, as a full disk does, with a directory in place of the snapshot file.
  void failSaves(boolean fail) {
    try {
      delete(snapshot());
      if (fail) {
        Files.createDirectories(snapshot().resolve("occupied"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete() {
    try {
      delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
