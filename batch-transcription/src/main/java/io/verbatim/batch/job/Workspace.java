package io.verbatim.batch.job;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A slot and its folder on disk. Closing it frees the slot and deletes the folder, except that of
/// a job, which keeps its outcome. Thread-safe.
public final class Workspace implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Workspace.class);
  private static final String TICKET = "job.json";
  private static final String OUTCOME = "outcome.json";
  private static final String RECORDING = "recording";

  private final Path folder;
  private final long maxUploadBytes;
  private final Semaphore slots;
  private boolean hasSlot;
  private boolean closed;
  private boolean isJob;

  /// @param hasSlot whether the creator has taken one of the slots for it
  Workspace(Path folder, long maxUploadBytes, Semaphore slots, boolean hasSlot) {
    this.folder = folder;
    this.maxUploadBytes = maxUploadBytes;
    this.slots = slots;
    this.hasSlot = hasSlot;
    this.isJob = Files.exists(folder.resolve(TICKET));
  }

  /// Whether a folder belongs to a job that can be resumed or has an outcome.
  static boolean holdsJob(Path folder) {
    return Files.exists(folder.resolve(TICKET))
        && (Files.exists(folder.resolve(RECORDING)) || Files.exists(folder.resolve(OUTCOME)));
  }

  /// Unique, without meaning; for logs and paths.
  public String id() {
    return folder.getFileName().toString();
  }

  /// Begins the upload. The caller closes it.
  ///
  /// @throws IOException also if the workspace is closed
  public synchronized Upload upload() throws IOException {
    if (closed) {
      throw new IOException("workspace " + id() + " is closed");
    }
    Files.createDirectories(folder, Workspaces.OWNER_ONLY);
    return new Upload(recording(), maxUploadBytes);
  }

  /// Waits for a free slot, if it has none.
  void awaitSlot() throws InterruptedException {
    synchronized (this) {
      if (hasSlot) {
        return;
      }
    }
    slots.acquire();
    synchronized (this) {
      hasSlot = true;
      if (closed) {
        releaseSlot();
      }
    }
  }

  private void releaseSlot() {
    if (hasSlot) {
      hasSlot = false;
      slots.release();
    }
  }

  /// The uploaded file.
  Path recording() {
    return folder.resolve(RECORDING);
  }

  /// Makes it the workspace of a job, which outlives this process.
  synchronized void keep(JobTicket ticket) throws IOException {
    write(TICKET, ticket);
    isJob = true;
  }

  /// Makes it a workspace without a job again, whose folder is deleted with it.
  synchronized void forget() {
    isJob = false;
  }

  /// @throws JacksonException if it cannot be read
  JobTicket ticket() throws IOException {
    return JsonMapper.shared().readValue(Files.readString(folder.resolve(TICKET)), JobTicket.class);
  }

  boolean hasOutcome() {
    return Files.exists(folder.resolve(OUTCOME));
  }

  JobOutcome outcome() {
    try {
      return JsonMapper.shared()
          .readValue(Files.readString(folder.resolve(OUTCOME)), JobOutcome.class);
    } catch (IOException | JacksonException unreadable) {
      return JobOutcome.of(
          new BatchException(FailureKind.INTERNAL, "The outcome of the job cannot be read."));
    }
  }

  /// Ends the work: stores the outcome if this is a job, deletes everything else, frees the slot in
  /// any case.
  synchronized void end(JobOutcome outcome) {
    if (closed || !isJob) {
      close();
      return;
    }
    closed = true;
    try {
      write(OUTCOME, outcome);
      Workspaces.deleteExcept(folder, TICKET, OUTCOME);
    } catch (IOException failure) {
      logger.error("recording.outcome_lost id={} reason=\"{}\"", id(), failure.getMessage());
      Workspaces.delete(folder);
    } finally {
      releaseSlot();
    }
  }

  /// Frees the slot, but keeps the folder of a job, so that the next process resumes it.
  synchronized void suspend() {
    if (closed || !isJob) {
      close();
      return;
    }
    closed = true;
    releaseSlot();
  }

  private void write(String name, Object value) throws IOException {
    Path part = folder.resolve(name + ".part");
    Files.writeString(part, JsonMapper.shared().writeValueAsString(value));
    Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Deletes the folder of a job that is over.
  synchronized void delete() {
    closed = true;
    Workspaces.delete(folder);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Workspaces.delete(folder);
      releaseSlot();
    }
  }
}
