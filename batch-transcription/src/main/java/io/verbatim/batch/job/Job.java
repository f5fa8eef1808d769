package io.verbatim.batch.job;

import org.jspecify.annotations.Nullable;

/// A recording that is transcribed without a waiting client. Thread-safe.
public final class Job {

  private final JobTicket ticket;
  private final Workspace workspace;
  private final @Nullable TranscriptionTask task;

  /// @param task null if the job ended in an earlier process
  Job(JobTicket ticket, Workspace workspace, @Nullable TranscriptionTask task) {
    this.ticket = ticket;
    this.workspace = workspace;
    this.task = task;
  }

  public String id() {
    return ticket.id();
  }

  /// Whether a client of this tenant may see it.
  ///
  /// @param tenant null for operators, who see every job
  public boolean belongsTo(@Nullable String tenant) {
    return tenant == null || tenant.equals(ticket.tenant());
  }

  /// The name of the service in the path.
  public String service() {
    return ticket.request().video() ? "video" : ticket.request().providers().getFirst().wireName();
  }

  public boolean isOver() {
    return task == null || task.isOver();
  }

  public TranscriptionTask.Progress progress() {
    return task == null ? new TranscriptionTask.Progress(1, 1) : task.progress();
  }

  /// Reads the result of a job that is over. Blocks.
  ///
  /// @throws io.verbatim.batch.failure.BatchException if the job failed
  public TranscriptionResult result() {
    return workspace.outcome().resultOrThrow();
  }

  /// Ends the work and deletes what is stored of the job.
  void delete() {
    if (task != null && !task.isOver()) {
      workspace.forget();
      task.cancel();
    } else {
      workspace.delete();
    }
  }
}
