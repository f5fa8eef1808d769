package io.verbatim.pubsub.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// The directory of a `redis-server` of our own: its append-only file, a copy of it, its snapshot.
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

  /// An entry that is being written meanwhile is cut: Redis drops it when it starts with the copy.
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

  /// Puts the copy in the place of the data; not while the server runs.
  void useCopy() {
    try {
      delete(data());
      Files.move(copied(), data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes the server fail when it saves a snapshot, as a full disk does: a directory has its name.
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
