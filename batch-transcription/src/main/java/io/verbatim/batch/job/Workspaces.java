package io.verbatim.batch.job;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The slots for recordings, and the directory of this process. Thread-safe.
///
/// Each process has its own directory and holds the lock of a file in it. A directory whose lock is
/// free belongs to a process that ended without deleting it.
final class Workspaces implements AutoCloseable {

  static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Logger logger = LoggerFactory.getLogger(Workspaces.class);
  private static final String LOCK = "lock";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Path home;
  private final FileChannel lock;
  private final Semaphore slots;
  private final int maxJobs;
  private final long maxUploadBytes;
  private final long minFreeBytes;
  private final List<Path> adopted;

  /// @param adopted folders of jobs, which an earlier process left
  private Workspaces(Path home, FileChannel lock, BatchSettings settings, List<Path> adopted) {
    this.adopted = List.copyOf(adopted);
    this.home = home;
    this.lock = lock;
    this.maxJobs = settings.maxJobs();
    this.slots = new Semaphore(maxJobs);
    this.maxUploadBytes = settings.maxUploadBytes();
    this.minFreeBytes = settings.minFreeBytes();
  }

  /// Creates the directory of this process, moves the jobs of processes that ended to it, and
  /// deletes the rest of their directories.
  ///
  /// @throws IllegalArgumentException that names the setting if the directory is not writable
  static Workspaces open(BatchSettings settings) {
    Path base = settings.directory();
    try {
      Files.createDirectories(base, OWNER_ONLY);
      Path home = base.resolve(UUID.randomUUID().toString());
      Files.createDirectory(home, OWNER_ONLY);
      FileChannel lock =
          FileChannel.open(
              home.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      if (lock.tryLock() == null) {
        throw new IOException("the lock of a new directory is held");
      }
      return new Workspaces(home, lock, settings, adopt(base, home));
    } catch (IOException failure) {
      throw new IllegalArgumentException(
          "BATCH_DIRECTORY must be a directory that the gateway may write, but %s failed: %s"
              .formatted(base, failure.getMessage()),
          failure);
    }
  }

  private static List<Path> adopt(Path base, Path home) throws IOException {
    List<Path> others;
    try (Stream<Path> entries = Files.list(base)) {
      others =
          entries
              .filter(other -> !other.equals(home) && Files.exists(other.resolve(LOCK)))
              .toList();
    }
    List<Path> jobs = new ArrayList<>();
    for (Path other : others) {
      jobs.addAll(takeOver(other, home));
    }
    return jobs;
  }

  /// Holds the other directory's lock, so that no third process takes it over too.
  private static List<Path> takeOver(Path other, Path home) {
    List<Path> jobs = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(other.resolve(LOCK), StandardOpenOption.WRITE);
        @Nullable FileLock acquired = channel.tryLock()) {
      if (acquired == null) {
        return List.of(); // Its process is alive.
      }
      for (Path folder : folders(other)) {
        if (Workspace.holdsJob(folder)) {
          jobs.add(Files.move(folder, home.resolve(folder.getFileName())));
        }
      }
      delete(other);
      logger.info("recordings.taken_over jobs={}", jobs.size());
    } catch (OverlappingFileLockException | IOException inUse) {
      // Of another gateway in this process, or deleted by another process.
      logger.debug("recordings.not_taken_over", inUse);
    }
    return jobs;
  }

  private static List<Path> folders(Path home) throws IOException {
    try (Stream<Path> entries = Files.list(home)) {
      return entries.filter(Files::isDirectory).toList();
    }
  }

  /// The workspaces of jobs that earlier processes left. They have no slot yet.
  List<Workspace> adopted() {
    return adopted.stream().map(folder -> workspace(folder, /* hasSlot= */ false)).toList();
  }

  /// Takes a free slot. The caller closes it.
  ///
  /// @param expectedBytes of the upload
  /// @throws BatchException if all are in use, or the disk is full
  Workspace acquire(long expectedBytes) {
    if (usableBytes() - expectedBytes < minFreeBytes) {
      throw Upload.diskFull();
    }
    if (!slots.tryAcquire()) {
      throw new BatchException(
          FailureKind.BUSY,
          "The gateway transcribes %d recordings already, which is its limit (BATCH_MAX). Try"
                  .formatted(maxJobs)
              + " again later.",
          RETRY_AFTER);
    }
    return workspace(home.resolve(UUID.randomUUID().toString()), /* hasSlot= */ true);
  }

  private Workspace workspace(Path folder, boolean hasSlot) {
    return new Workspace(folder, maxUploadBytes, slots, hasSlot);
  }

  private long usableBytes() {
    try {
      return Files.getFileStore(home).getUsableSpace();
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }

  int used() {
    return maxJobs - slots.availablePermits();
  }

  /// Deletes a folder and its files. Never fails.
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(Workspaces::deleteOne);
    } catch (IOException | UncheckedIOException failure) {
      notDeleted(folder, failure);
    }
  }

  /// Deletes the files of a folder, except those with these names. Never fails.
  static void deleteExcept(Path folder, String... kept) {
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .filter(file -> !List.of(kept).contains(file.getFileName().toString()))
          .forEach(Workspaces::deleteOne);
    } catch (IOException | UncheckedIOException failure) {
      notDeleted(folder, failure);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      notDeleted(file, failure);
    }
  }

  /// What remains is deleted with its job, or by the next process.
  private static void notDeleted(Path path, Exception failure) {
    logger.error("recording.not_deleted path={} reason=\"{}\"", path, failure.getMessage());
  }

  /// Deletes the directory of this process, or releases it if it holds jobs. May be called twice.
  @Override
  public void close() {
    try {
      if (Files.exists(home) && folders(home).stream().noneMatch(Workspace::holdsJob)) {
        delete(home);
      }
      lock.close();
    } catch (IOException failure) {
      logger.warn("recordings.not_released reason=\"{}\"", failure.getMessage());
    }
  }
}
